// Structural netlists: modules of ports, wires, instances and assigns, and nothing else. Behaviour
// lives in rtl/. The life of a Design: build -> verify() -> legalize() -> print().
//
//   Module pair("fpsa_pair", {"Two counters."});
//   const Net clk = pair.input("clk_i");
//   const Net count = pair.output("count_o", 8);
//   for (int i : {0, 1})
//     pair.instance(counter, fmt::format("u_counter{}", i))
//         .parameter("Width", 4)
//         .port("clk_i", clk)
//         .port("count_o", count.slice(4 * i, 4));
//   Design design("fpsa_pair");
//   design.add(std::move(pair));
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "verilog/expr.hpp"
#include "verilog/signature.hpp"

namespace verilog {

enum class NetKind { kInput, kOutput, kWire };

/// A declared port or wire. `comment`, here and below, is printed on the line above; may be empty.
struct NetDeclaration {
  std::string name;
  NetKind kind = NetKind::kWire;
  int width = 1;
  std::string comment;
};

/// One use of a leaf or of a generated module. Names are checked by verify(), not here.
class Instance {
 public:
  Instance(std::string module, std::string name, std::string comment)
      : module_(std::move(module)), name_(std::move(name)), comment_(std::move(comment)) {}

  Instance& parameter(std::string name, std::int64_t value);
  Instance& parameter(std::string name, std::string value);
  /// Connects a port. Inputs must all be connected; an output may be left out: legalize() gives it
  /// a net unused_<instance>_<port>.
  Instance& port(std::string name, Expr expr);

  const std::string& module() const { return module_; }
  const std::string& name() const { return name_; }
  const std::string& comment() const { return comment_; }
  const std::vector<std::pair<std::string, ParameterValue>>& parameters() const {
    return parameters_;
  }
  /// parameters() by name.
  std::map<std::string, ParameterValue> given() const {
    return {parameters_.begin(), parameters_.end()};
  }
  const std::vector<std::pair<std::string, Expr>>& ports() const { return ports_; }

 private:
  std::string module_;
  std::string name_;
  std::string comment_;
  std::vector<std::pair<std::string, ParameterValue>> parameters_;
  std::vector<std::pair<std::string, Expr>> ports_;
};

/// assign target = source; the target consists of net bits only.
struct Assign {
  Expr target;
  Expr source;
  std::string comment;
};

/// A generated module. Declaration order is print order within ports, wires, assigns, instances.
class Module {
 public:
  /// `header`: comment lines of the file, without slashes.
  explicit Module(std::string name, std::vector<std::string> header = {});

  /// Declare a port or wire of `width` >= 1 bits. Names may be anything, legalize() makes them fit,
  /// but must differ from each other and from instance names. Wires and inputs must be read in
  /// every bit, unless their name begins with "unused".
  Net input(std::string name, int width = 1);
  Net output(std::string name, int width = 1);
  Net wire(std::string name, int width = 1);

  /// Instantiates a leaf, whose signature the module keeps, or another generated module. The
  /// reference stays good for the module's life.
  Instance& instance(const Signature& leaf, std::string name);
  Instance& instance(const Module& child, std::string name);

  void assign(Expr target, Expr source);
  /// States that these bits are not needed: assigns them to a new wire, "unused_" + name.
  void discard(const std::string& name, const Expr& bits);
  /// Prints `text` as a comment above whatever is declared next (a role of ports, a row of
  /// instances).
  void comment(std::string text);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& header() const { return header_; }
  const std::vector<NetDeclaration>& nets() const { return nets_; }
  const NetDeclaration& net(NetId id) const { return nets_.at(id.index()); }
  const std::deque<Instance>& instances() const { return instances_; }
  const std::vector<Assign>& assigns() const { return assigns_; }
  /// Signatures of the leaves used directly, by name.
  const std::map<std::string, Signature>& leaves() const { return leaves_; }

  /// The port or wire `name`, if it is declared.
  std::optional<Net> find(const std::string& name) const;
  /// The module seen from outside; no parameters.
  Signature signature() const;

 private:
  Net declare(std::string name, NetKind kind, int width);
  std::string take_comment();

  std::string name_;
  std::vector<std::string> header_;
  std::string next_comment_;
  std::vector<NetDeclaration> nets_;
  std::deque<Instance> instances_;
  std::vector<Assign> assigns_;
  std::map<std::string, Signature> leaves_;
};

/// Generated modules and the leaves under them.
class Design {
 public:
  explicit Design(std::string top) : top_(std::move(top)) {}

  /// Adds a module, in any order. Throws kNetlistInvalid if it and an earlier one declare the same
  /// leaf with different signatures. The reference stays good for the design's life.
  const Module& add(Module module);

  const std::string& top() const { return top_; }
  const std::deque<Module>& modules() const { return modules_; }
  const std::map<std::string, Signature>& leaves() const { return leaves_; }
  /// The generated module `name`, or null.
  const Module* find(const std::string& name) const;
  /// Outside of the generated module or leaf `name`, if there is one.
  std::optional<Signature> signature(const std::string& name) const;

  /// Names of all leaves that are used, also by leaves, sorted: files to copy from rtl/.
  std::vector<std::string> leaf_files() const;
  /// Names of the generated modules under and including the top, children first, top last.
  std::vector<std::string> module_files() const;

 private:
  std::string top_;
  std::deque<Module> modules_;
  std::map<std::string, Signature> leaves_;
};

/// Throws kNetlistInvalid with every fault found: names not unique; unknown modules, ports,
/// parameters; recursion; modules nobody uses; inputs of instances unconnected; ports connected
/// twice or with the wrong width; bits of wires and outputs driven never or more than once; inputs
/// driven; bits of wires and inputs never read (unless named unused...); nets that assigns, also
/// inside instances, copy from themselves.
void verify(const Design& design);

/// The same design with names that Verilog-2005 and SystemVerilog tools take: letters, digits and
/// single underscores, no keyword, no trailing _<digits>, at most 40 characters, unique in their
/// module; instances begin with u_, nets do not; module names are unique also when case is ignored.
/// Legal names are kept, so legalize(legalize(d)) is legalize(d). Outputs left open get a net named
/// unused_<instance>_<port>. Expects a design that verify() accepts.
Design legalize(const Design& design);

/// The Verilog-2005 text of `module`, one of design.modules(); belongs in <name>.v. Throws
/// kNetlistInvalid if a name in it is not legal or an output is left open.
std::string print(const Module& module, const Design& design);

}  // namespace verilog
