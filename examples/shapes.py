#!/usr/bin/env python3
"""Writes the six networks that FPSA was measured with as ONNX models without weights.

    python3 examples/shapes.py examples/shapes
    python3 examples/shapes.py examples/shapes build/fpsa

With the program it prints what `fpsa estimate` says of them, as the table of examples/README.md.

Every float tensor points at external data in a file that is not there: `fpsa estimate` needs shapes
alone. Structures are those of the networks' authors with these exceptions: no local response
normalisation and no dropout (AlexNet, GoogLeNet), GoogLeNet without its two auxiliary classifiers,
batch normalisation folded into the convolutions (ResNet152).

Needs Debian's python3-onnx.
"""

import json
import pathlib
import subprocess
import sys

from onnx import TensorProto, helper


class Network:
    """A model under construction; layers return the name of what they make."""

    def __init__(self, name, channels, size):
        self.name = name
        self.nodes, self.tensors = [], []
        self.channels = {"image": channels}
        self.image = helper.make_tensor_value_info(
            "image", TensorProto.FLOAT, [1, channels, size, size]
        )

    def missing(self, name, shape):
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=self.name + ".weights")
        self.tensors.append(tensor)
        return name

    def node(self, op, inputs, channels, **attributes):
        made = f"{op.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [made], name=made, **attributes))
        self.channels[made] = channels
        return made

    def conv(self, data, out, kernel, stride=1, pad=0, groups=1, relu=True):
        name = f"conv{len(self.nodes)}"
        weights = self.missing(name + ".w", [out, self.channels[data] // groups, kernel, kernel])
        made = self.node(
            "Conv", [data, weights, self.missing(name + ".b", [out])], out,
            strides=[stride] * 2, pads=[pad] * 4, group=groups, kernel_shape=[kernel] * 2,
        )
        return self.relu(made) if relu else made

    def relu(self, data):
        return self.node("Relu", [data], self.channels[data])

    def pool(self, data, kernel, stride, pad=0, op="MaxPool", ceil=0):
        return self.node(
            op, [data], self.channels[data], kernel_shape=[kernel] * 2, strides=[stride] * 2,
            pads=[pad] * 4, ceil_mode=ceil,
        )

    def dense(self, data, out, relu=True):
        """A product behind data of shape [1, channels]."""
        name = f"dense{len(self.nodes)}"
        weights = self.missing(name + ".w", [out, self.channels[data]])
        made = self.node(
            "Gemm", [data, weights, self.missing(name + ".b", [out])], out, transB=1
        )
        return self.relu(made) if relu else made

    def flatten(self, data, positions):
        return self.node("Flatten", [data], self.channels[data] * positions)

    def save(self, folder, result):
        output = helper.make_tensor_value_info(
            result, TensorProto.FLOAT, [1, self.channels[result]]
        )
        graph = helper.make_graph(self.nodes, self.name, [self.image], [output], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        (folder / (self.name + ".onnx")).write_bytes(model.SerializeToString())


def lenet(folder):
    net = Network("lenet", 1, 28)
    data = net.pool(net.conv("image", 20, 5), 2, 2)
    data = net.pool(net.conv(data, 50, 5), 2, 2)
    net.save(folder, net.dense(net.dense(net.flatten(data, 16), 500), 10, relu=False))


def cifar_vgg17(folder):
    net = Network("cifar_vgg17", 3, 32)
    data = "image"
    for widths, kernel in (((32, 32, 32, 48, 48), 2), ((80,) * 5, 2), ((128,) * 5, 8)):
        for width in widths:
            data = net.conv(data, width, 3, pad=1)
        data = net.pool(data, kernel, kernel)
    net.save(folder, net.dense(net.dense(net.flatten(data, 1), 500), 10, relu=False))


def alexnet(folder):
    net = Network("alexnet", 3, 227)
    data = net.pool(net.conv("image", 96, 11, 4), 3, 2)
    data = net.pool(net.conv(data, 256, 5, 1, 2, groups=2), 3, 2)
    data = net.conv(data, 384, 3, 1, 1)
    data = net.conv(data, 384, 3, 1, 1, groups=2)
    data = net.pool(net.conv(data, 256, 3, 1, 1, groups=2), 3, 2)
    data = net.dense(net.dense(net.flatten(data, 36), 4096), 4096)
    net.save(folder, net.dense(data, 1000, relu=False))


def vgg16(folder):
    net = Network("vgg16", 3, 224)
    data = "image"
    for width, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            data = net.conv(data, width, 3, pad=1)
        data = net.pool(data, 2, 2)
    data = net.dense(net.dense(net.flatten(data, 49), 4096), 4096)
    net.save(folder, net.dense(data, 1000, relu=False))


def inception(net, data, ones, threes, fives, pooled):
    branches = [
        net.conv(data, ones, 1),
        net.conv(net.conv(data, threes[0], 1), threes[1], 3, pad=1),
        net.conv(net.conv(data, fives[0], 1), fives[1], 5, pad=2),
        net.conv(net.pool(data, 3, 1, 1), pooled, 1),
    ]
    return net.node("Concat", branches, ones + threes[1] + fives[1] + pooled, axis=1)


def googlenet(folder):
    net = Network("googlenet", 3, 224)
    data = net.pool(net.conv("image", 64, 7, 2, 3), 3, 2, ceil=1)
    data = net.pool(net.conv(net.conv(data, 64, 1), 192, 3, pad=1), 3, 2, ceil=1)
    data = inception(net, data, 64, (96, 128), (16, 32), 32)
    data = inception(net, data, 128, (128, 192), (32, 96), 64)
    data = net.pool(data, 3, 2, ceil=1)
    data = inception(net, data, 192, (96, 208), (16, 48), 64)
    data = inception(net, data, 160, (112, 224), (24, 64), 64)
    data = inception(net, data, 128, (128, 256), (24, 64), 64)
    data = inception(net, data, 112, (144, 288), (32, 64), 64)
    data = inception(net, data, 256, (160, 320), (32, 128), 128)
    data = net.pool(data, 3, 2, ceil=1)
    data = inception(net, data, 256, (160, 320), (32, 128), 128)
    data = inception(net, data, 384, (192, 384), (48, 128), 128)
    data = net.pool(data, 7, 1, op="AveragePool")
    net.save(folder, net.dense(net.flatten(data, 1), 1000, relu=False))


def bottleneck(net, data, width, stride, project):
    way = net.conv(net.conv(data, width, 1), width, 3, stride, 1)
    way = net.conv(way, 4 * width, 1, relu=False)
    skip = net.conv(data, 4 * width, 1, stride, relu=False) if project else data
    return net.relu(net.node("Add", [way, skip], 4 * width))


def resnet152(folder):
    net = Network("resnet152", 3, 224)
    data = net.pool(net.conv("image", 64, 7, 2, 3), 3, 2, 1)
    for width, blocks in ((64, 3), (128, 8), (256, 36), (512, 3)):
        for block in range(blocks):
            first = block == 0
            data = bottleneck(net, data, width, 2 if first and width > 64 else 1, first)
    data = net.pool(data, 7, 1, op="AveragePool")
    net.save(folder, net.dense(net.flatten(data, 1), 1000, relu=False))


NETWORKS = (lenet, cifar_vgg17, alexnet, vgg16, googlenet, resnet152)
DEGREES = (1, 16, 64)


def estimate(program, model, degree):
    words = [program, "estimate", "--json", "-q", "--duplicate", str(degree), str(model)]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)


def row(program, model):
    found = [estimate(program, model, degree) for degree in DEGREES]
    once = found[0]
    cells = [f"`{model.stem}`", f"{once['network']['weights'] / 1e6:.2f} M"]
    cells += [f"{one['pes']:,}" for one in found]
    cells += [f"{one['busiest']['windows']:,}" for one in found]
    cells += [f"{one['time']['clocks_a_sample']:,.0f}" for one in found]
    cells += [f"{once['time']['latency_clocks']:,}", f"{once['memory']['line_walk_bits'] / 1e6:.2f}"]
    cells += [f"{once['memory']['smb_bits'] / 1e6:.2f}"]
    return "| " + " | ".join(cells) + " |"


def table(folder, program):
    times = [f"{degree}x" for degree in DEGREES]
    titles = ["`shapes/`", "weights", *(f"PEs {x}" for x in times)]
    titles += [*(f"windows {x}" for x in times), *(f"clocks {x}" for x in times)]
    titles += ["latency 1x", "line walks 1x, Mbit", "SMB 1x, Mbit"]
    print("| " + " | ".join(titles) + " |")
    print("|---" + "|--:" * (len(titles) - 1) + "|")
    for write in NETWORKS:
        print(row(program, folder / (write.__name__ + ".onnx")))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for write in NETWORKS:
        write(folder)
    if len(sys.argv) == 3:
        table(folder, sys.argv[2])


if __name__ == "__main__":
    main()
