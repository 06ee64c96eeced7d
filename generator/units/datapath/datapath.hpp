// Datapaths of signed words: a graph of sums, products with constants, roundings and clips, whose
// widths follow from what can come, as a module with registers between its stages, as arithmetic,
// and with a bound of its rounding errors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/id_vector.hpp"
#include "base/strong_id.hpp"
#include "quant/fixed_point.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// A word of a datapath.
using WordId = base::StrongId<struct WordTag>;

enum class WordOp {
  kInput,
  kSum,         ///< a + b
  kDifference,  ///< a - b
  kScale,       ///< a * constant
  kProduct,     ///< a * b
  kTable,       ///< an entry of a constant table: of a's bits above the `constant` lowest
  kRound,       ///< a / 2^constant, rounded
  kClip,        ///< a in fewer bits
  kClipped,     ///< one bit: whether the clip `a` changed its operand
};

struct Word {
  std::string name;
  WordOp op = WordOp::kInput;
  WordId a{};
  WordId b{};
  std::int64_t constant = 0;
  int bits = 1;  ///< what holds low .. high
  std::int64_t low = 0;
  std::int64_t high = 0;
  /// What it is of the sources (inputs, products, tables and clips, in their order), but for
  /// roundings on the way.
  std::vector<double> factors{};
  /// How far roundings since the sources move it at most.
  double slack = 0;
  std::vector<std::int32_t> table{};  ///< for the least index first; indices are signed
};

class Datapath {
 public:
  explicit Datapath(quant::WordRounding rounding) : rounding_(rounding) {}

  /// A signed input of `bits` bits. All inputs come before anything else.
  WordId input(std::string name, int bits);
  WordId sum(std::string name, WordId a, WordId b);
  WordId difference(std::string name, WordId a, WordId b);
  /// a * factor, factor other than 0, |factor| < 2^29.
  WordId scaled(std::string name, WordId a, std::int64_t factor);
  WordId product(std::string name, WordId a, WordId b);
  /// values[i], i = a / 2^shift rounded down, counted from its least. A table of more entries than
  /// `a` has loses as many at both ends. `a` has more than `shift` bits.
  WordId table(std::string name, WordId a, int shift, std::span<const std::int32_t> values);
  /// a / 2^shift, rounded as the datapath does; 0 is `a` itself.
  WordId rounded(std::string name, WordId a, int shift);
  /// `a` in `bits` bits: the nearest number that they hold; `a` itself if it has no more. Clips
  /// that are not `counted` have no flag: they are part of a function.
  WordId clipped(std::string name, WordId a, int bits, bool counted = true);
  /// Whether `clip` is one that is counted; its flag is the word behind it.
  bool is_counted(WordId clip) const;

  /// The words that leave it, in order.
  void output(WordId word) { outputs_.push_back(word); }

  quant::WordRounding rounding() const { return rounding_; }
  const base::IdVector<WordId, Word>& words() const { return words_; }
  const std::vector<WordId>& inputs() const { return inputs_; }
  const std::vector<WordId>& outputs() const { return outputs_; }
  const Word& operator[](WordId word) const { return words_[word]; }

 private:
  /// Adds `word`, which is of_a * a + of_b * b and moved by at most `slack`.
  WordId linear(Word word, double of_a, double of_b, double slack);
  /// Adds `word`, of which nothing is known but its range.
  WordId source(Word word);

  quant::WordRounding rounding_;
  base::IdVector<WordId, Word> words_;
  std::vector<WordId> sources_;
  std::vector<WordId> inputs_;
  std::vector<WordId> outputs_;
};

/// The outputs for inputs in their order. *clips, if given, gets of each clip whether it changed
/// its operand.
std::vector<std::int64_t> evaluate(const Datapath& datapath, std::span<const std::int64_t> inputs,
                                   std::vector<bool>* clips = nullptr);

/// Bits of the widest output: what each takes on the module's data_o.
int word_bits(const Datapath& datapath);

/// How constants are multiplied.
enum class Multiplier { kShiftAdds, kProduct };

/// Of each word the stage in which it is computed, from 0, with at most `levels` adders between
/// two registers, if no single operation has more. `stages` - 1 is that of the latest.
struct Stages {
  base::IdVector<WordId, int> of;
  int count = 1;
};
Stages stages_of(const Datapath& datapath, int levels);

/// `word` in `width` bits, by its sign.
verilog::Expr widened(const verilog::Expr& word, int width);

/// The datapath as the module `name`: clk_i, rst_ni, valid_i, ready_o, data_i (inputs side by side,
/// the first lowest), valid_o, ready_i, data_o (outputs side by side, each as wide as the widest),
/// and, if there are clips, clipped_o, a bit a clip. A register stands behind each stage: results
/// come stages.count steps later. rtl/fpsa_pipe.v says what valid and ready mean.
verilog::Module structure(const Datapath& datapath, const Stages& stages, Multiplier multiplier,
                          const std::string& name, const std::vector<std::string>& header);

}  // namespace units
