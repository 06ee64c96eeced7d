"""Writes quantised ONNX graphs: QuantizeLinear and DequantizeLinear around float operators."""

import fashion
import numpy as np
from onnx import helper, numpy_helper


class Writer:
    """Collects nodes and initialisers."""

    def __init__(self):
        self.nodes = []
        self.initialisers = []

    def add(self, name, array):
        self.initialisers.append(fashion.constant(name, array))
        return name

    def scalar(self, name, number):
        """A constant without axes, which Clip insists on; add() gives it one."""
        self.initialisers.append(numpy_helper.from_array(np.array(number), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def quantise(self, value, name, form, output=None, codes=None):
        """QuantizeLinear and DequantizeLinear of an activation of scale and zero point `form`.

        Between the two a Clip, if the codes end at `codes` = (least, greatest) and not where their
        type does.
        """
        scale = self.add(f"{name}.scale", np.array(form[0]))
        zero = self.add(f"{name}.zero_point", np.array(form[1]))
        integers = self.node("QuantizeLinear", [value, scale, zero], f"{name}_quantize")
        if codes is not None:
            low, high = (form[1].dtype.type(code) for code in codes)
            ends = [self.scalar(f"{name}.low", low), self.scalar(f"{name}.high", high)]
            integers = self.node("Clip", [integers, *ends], f"{name}_clip")
        output = output or f"{name}_dequantize"
        return self.node("DequantizeLinear", [integers, scale, zero], output)

    def parameters(self, name, weights, scale, bias, input_scale):
        """Integer weights of one scale an output, and a bias in units of the sum, both dequantised."""
        bias_scale = (scale * input_scale).astype(np.float32)
        bias = np.rint(bias / bias_scale).astype(np.int32)
        tensors = []
        for part, array, step in (("weight", weights, scale), ("bias", bias, bias_scale)):
            inputs = [
                self.add(f"{name}.{part}", array),
                self.add(f"{name}.{part}_scale", step),
                self.add(f"{name}.{part}_zero_point", np.zeros(len(step), array.dtype)),
            ]
            tensors.append(
                self.node("DequantizeLinear", inputs, f"{name}_{part}_dequantize", axis=0)
            )
        return tensors
