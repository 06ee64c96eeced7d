// Figures of blocks that have no gates, each with how it is known.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "flow/area.hpp"

namespace flow {

/// One figure of a technology file.
struct Figure {
  std::string name{};  ///< "crossbar.cell_area"
  double value = 0.0;
  std::string unit{};
  std::string source{};  ///< where it comes from, or how it follows from others
  std::string mark{};    ///< how sure it is: "computed", "remembered", ...

  bool operator==(const Figure&) const = default;
};

/// What synthesis needs of a technology, the areas of macro crossbars and of memories, and what
/// placement and routing do, the delays of a fabric.
class Technology {
 public:
  /// Reads constraints/technology/<name>.toml below `constraints`, or the file `name` if it ends in
  /// .toml. Throws kFileRead, kSpecSyntax, or kBadText naming a figure that is absent, not a number
  /// or marked unverified.
  static Technology read(const std::filesystem::path& constraints, const std::string& name);

  /// As above, from text; `source` is named in faults.
  explicit Technology(const std::string& text, const std::string& source);

  /// um^2 of the cells of a crossbar of rows x cols weights: cells a weight x F^2 a cell x F^2.
  /// Drivers and read-out are not in it. Unsigned weights (one polarity a column) have half.
  double crossbar_area(int rows, int cols, bool is_signed) const;

  /// The figures that crossbar_area() uses.
  const std::vector<Figure>& assumed() const { return figures_; }

  /// um^2 of a memory of `bits`, by the area and the capacity of a spiking memory block. Throws
  /// kBadText if the file does not give them.
  double memory_area(double bits) const;

  /// The figures that memory_area() uses; empty if the file does not give them.
  const std::vector<Figure>& assumed_of_memories() const { return memory_figures_; }

  /// The figures of a fabric (`fabric::Delays`) by the names that they have there; empty if the
  /// file has no fabric.lut.
  const std::map<std::string, Figure>& of_fabrics() const { return fabric_figures_; }

 private:
  std::string source_;
  std::vector<Figure> figures_;
  std::vector<Figure> memory_figures_;
  std::map<std::string, Figure> fabric_figures_;
  double weight_um2_ = 0.0;  ///< one polarity of a weight
  double polarities_ = 0.0;
};

}  // namespace flow
