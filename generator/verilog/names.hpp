// Names that every Verilog-2005 and SystemVerilog tool takes, and that no netlister can clash with.
#pragma once

#include <string>
#include <unordered_set>

namespace verilog {

/// Longest legal name: with it, "    .port(net[1023:1000])," fits in 100 columns.
inline constexpr int kMaxNameLength = 40;

/// What a name is for. Instances begin with u_ and nets do not: Verilator (VARHIDDEN) minds a net
/// that has the name of an instance above it.
enum class NameKind { kModule, kNet, kInstance };

/// A letter, then letters, digits and single underscores that neither end the name nor stand before
/// a last group of digits alone; at most kMaxNameLength characters; not a keyword of Verilog,
/// SystemVerilog or C++; with or without u_ as its kind wants.
bool is_legal_name(const std::string& name, NameKind kind);

/// A legal name that resembles `name`; legal names are returned as they are. The net
/// "/fc1/MatMul_output_0" becomes fc1_MatMul_output0, "wire" becomes wire_net, "3x3" becomes n3x3;
/// the instance "conv" becomes u_conv. Long names keep their beginning and their end.
std::string legal_name(const std::string& name, NameKind kind);

/// Hands out legal names, none twice. Reserve the names that are legal already before asking for
/// others, and they survive.
class NameScope {
 public:
  enum class Case { kSensitive, kIgnored };
  explicit NameScope(Case letters = Case::kSensitive) : case_(letters) {}

  /// Takes `name` if it is legal and free; says whether it was.
  bool reserve(const std::string& name, NameKind kind);
  /// legal_name(name, kind), with _alt2, _alt3, ... if that is taken.
  std::string take(const std::string& name, NameKind kind);

 private:
  Case case_;
  std::unordered_set<std::string> taken_;  // looked up only, never iterated
};

}  // namespace verilog
