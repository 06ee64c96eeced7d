#include <algorithm>

#include "base/bits.hpp"
#include "units/leaves.hpp"
#include "units/recurrent/parts.hpp"

namespace units {

namespace {

using verilog::Expr;
using verilog::Instance;
using verilog::Module;
using verilog::Net;

class LayerPrinter {
 public:
  LayerPrinter(const RecurrentConfig& config, const Module& gates, const Module& cell,
               const Module* projection, const Module* second, Module& module)
      : config_(config),
        bits_(config.rule.bits),
        gates_(gates),
        cell_(cell),
        projection_(projection),
        second_(second),
        module_(module) {}

  void print() {
    declare_ports();
    add_join();
    add_gates();
    add_fetch();
    add_cell();
    add_way_out();
  }

 private:
  struct Wires {  // of a stream inside
    Net valid, ready, data;
  };
  Wires wires(const std::string& name, int width) {
    return {module_.wire(name + "_valid"), module_.wire(name + "_ready"),
            module_.wire(name + "_data", width)};
  }
  Instance& clocked(Instance& instance) {
    return instance.port("clk_i", *clk_).port("rst_ni", *rst_n_);
  }

  void declare_ports() {
    clk_ = module_.input("clk_i");
    rst_n_ = module_.input("rst_ni");
    module_.comment("Load bus");
    we_ = module_.input("load_we_i");
    addr_ = module_.input("load_addr_i", 22);
    data_ = module_.input("load_data_i", 32);
    module_.comment("Frames that come");
    in_valid_ = module_.input("valid_i");
    in_ready_ = module_.output("ready_o");
    in_last_ = module_.input("last_i");
    in_data_ = module_.input("data_i", config_.block * bits_);
    module_.comment("Frames that go");
    out_valid_ = module_.output("valid_o");
    out_ready_ = module_.input("ready_i");
    out_last_ = module_.output("last_o");
    out_data_ = module_.output("data_o", config_.block * bits_);
    module_.comment("Words that were clipped, since reset");
  }

  // What goes with a frame and waits for it further on.
  Wires add_tags(const std::string& name, const Net& push, const Net& tag, const Net& pop) {
    const Wires tags{module_.wire(name + "_valid"), pop, module_.wire(name + "_data")};
    clocked(module_.instance(leaves::stream_buffer(), "u_" + name))
        .parameter("Width", 1)
        .parameter("Depth", config_.streams + 2)
        .port("push_i", push)
        .port("data_i", tag)
        .port("freed_o", module_.wire("unused_" + name + "_freed"))
        .port("valid_o", tags.valid)
        .port("ready_i", pop)
        .port("data_o", tags.data);
    return tags;
  }

  void add_join() {
    back_ = wires("back", config_.block * bits_);
    joined_ = wires("joined", config_.block * bits_);
    const Net push = module_.wire("tag_push");
    const Net fresh = module_.wire("tag_fresh");
    const Net last = module_.wire("tag_last");
    clocked(module_.instance(leaves::recurrent_join(), "u_join"))
        .parameter("Width", config_.block * bits_)
        .parameter("InBlocks", config_.inputs)
        .parameter("BackBlocks", config_.outputs)
        .parameter("Streams", config_.streams)
        .port("valid_i", *in_valid_)
        .port("ready_o", *in_ready_)
        .port("last_i", *in_last_)
        .port("data_i", *in_data_)
        .port("back_valid_i", back_->valid)
        .port("back_ready_o", back_->ready)
        .port("back_data_i", back_->data)
        .port("valid_o", joined_->valid)
        .port("ready_i", joined_->ready)
        .port("data_o", joined_->data)
        .port("tag_push_o", push)
        .port("tag_fresh_o", fresh)
        .port("tag_last_o", last);
    fresh_ = add_tags("fresh", push, fresh, module_.wire("fresh_pop"));
    last_ = add_tags("last", push, last, module_.wire("last_pop"));
  }

  // An engine, its part of the load bus, and the count of what it clips.
  Wires add_engine(const Module& engine, const std::string& name, int part, const Wires& in) {
    const Net we = module_.wire(name + "_load_we");
    const Net index = module_.wire(name + "_load_index", 20);
    module_.instance(leaves::load_slot(), "u_" + name + "_slot")
        .parameter("Slot", part)
        .parameter("IndexBits", kPartBits)
        .port("load_we_i", *we_)
        .port("load_addr_i", *addr_)
        .port("we_o", we)
        .port("index_o", index);
    const Wires out = wires(name, engine.find("data_o")->width);
    Instance& instance = clocked(module_.instance(engine, "u_" + name))
                             .port("load_we_i", we)
                             .port("load_addr_i", verilog::concat({verilog::constant(2, 0), index}))
                             .port("load_data_i", *data_)
                             .port("valid_i", in.valid)
                             .port("ready_o", in.ready)
                             .port("data_i", in.data)
                             .port("valid_o", out.valid)
                             .port("ready_i", out.ready)
                             .port("data_o", out.data);
    const Net count = module_.output("clipped_" + name + "_o", 32);
    if (const std::optional<Net> clipped = engine.find("clipped_o")) {
      const Net flags = module_.wire(name + "_clipped", clipped->width);
      instance.port("clipped_o", flags);
      add_counter(name, out.valid, out.ready, flags, 1, count);
    } else {
      module_.assign(count, verilog::constant(32, 0));
    }
    return out;
  }

  void add_counter(const std::string& name, const Net& valid, const Net& ready, const Net& flags,
                   int count_of, const Net& count) {
    clocked(module_.instance(leaves::clip_counter(), "u_" + name + "_clipped"))
        .parameter("Flags", count_of)
        .parameter("Bits", flags.width / count_of)
        .port("valid_i", valid)
        .port("ready_i", ready)
        .port("flags_i", flags)
        .port("count_o", count);
  }

  void add_gates() {
    const Wires sums = add_engine(gates_, "gates", kGates, *joined_);
    const int gates = gates_of(config_.rule.kind);
    const int width = config_.rule.gates.out_bits;
    split_ = wires("split", config_.elements * gates * width);
    clocked(module_.instance(leaves::block_split(), "u_split"))
        .parameter("Width", width)
        .parameter("Block", config_.block)
        .parameter("Gates", gates)
        .parameter("Elements", config_.elements)
        .port("valid_i", sums.valid)
        .port("ready_o", sums.ready)
        .port("block_i", widened_each(sums.data, config_.block, width))
        .port("valid_o", split_->valid)
        .port("ready_i", split_->ready)
        .port("words_o", split_->data);
  }

  void add_fetch() {
    read_ = module_.wire("fetch_read");
    step_ = module_.wire("fetch_addr", parameter_index_bits(config_) - 1);
    fetched_valid_ = module_.wire("fetched_valid");
    fetched_ready_ = module_.wire("fetched_ready");
    const Net fresh =
        module_.wire(config_.rule.has_state() ? "fetched_fresh" : "unused_fetched_fresh");
    clocked(module_.instance(leaves::cell_fetch(), "u_fetch"))
        .parameter("Steps", steps_of(config_))
        .port("valid_i", split_->valid)
        .port("ready_o", split_->ready)
        .port("tag_valid_i", fresh_->valid)
        .port("tag_fresh_i", fresh_->data)
        .port("tag_pop_o", fresh_->ready)
        .port("read_o", *read_)
        .port("addr_o", *step_)
        .port("valid_o", *fetched_valid_)
        .port("ready_i", *fetched_ready_)
        .port("fresh_o", fresh);
    fetched_sums_ = module_.wire("fetched_sums", split_->data.width);
    module_.instance(leaves::word_register(), "u_fetched_sums")
        .parameter("Width", fetched_sums_->width)
        .port("clk_i", *clk_)
        .port("step_i", *read_)
        .port("words_i", split_->data)
        .port("words_o", *fetched_sums_);
    add_parameters();
    if (config_.rule.has_state()) add_state(fresh);
  }

  void add_parameters() {
    const Net we = module_.wire("parameters_load_we");
    const Net index = module_.wire("parameters_load_index", 20);
    module_.instance(leaves::load_slot(), "u_parameters_slot")
        .parameter("Slot", kParameters)
        .parameter("IndexBits", kPartBits)
        .port("load_we_i", *we_)
        .port("load_addr_i", *addr_)
        .port("we_o", we)
        .port("index_o", index);
    for (int i = 0; i < config_.elements * config_.rule.parameters(); ++i) {
      const std::string name = "parameter" + std::to_string(i);
      const Net own_we = module_.wire(name + "_we");
      const Net own_index = module_.wire(name + "_index", 20);
      module_.instance(leaves::load_slot(), "u_" + name + "_slot")
          .parameter("Slot", i)
          .parameter("IndexBits", parameter_index_bits(config_))
          .port("load_we_i", we)
          .port("load_addr_i", verilog::concat({verilog::constant(2, 0), index}))
          .port("we_o", own_we)
          .port("index_o", own_index);
      parameters_.push_back(module_.wire(name, bits_));
      module_.instance(leaves::load_memory(), "u_" + name)
          .parameter("Cols", steps_of(config_))
          .parameter("Width", bits_)
          .port("clk_i", *clk_)
          .port("we_i", own_we)
          .port("index_i", own_index)
          .port("data_i", *data_)
          .port("read_i", *read_)
          .port("column_i", *step_)
          .port("value_o", parameters_.back());
    }
  }

  // What elements keep from frame to frame, of all streams.
  void add_state(const Net& fresh) {
    const int width = config_.elements * bits_;
    const int words = config_.streams * steps_of(config_);
    const Net read_addr = add_place("read", *read_, words);
    written_ = module_.wire("written");
    const Net write_addr = add_place("write", *written_, words);
    const Net kept = module_.wire("kept_data", width);
    new_state_ = module_.wire("new_state", width);
    module_.instance(leaves::smb_memory(), "u_state")
        .parameter("Width", width)
        .parameter("Words", words)
        .port("clk_i", *clk_)
        .port("write_i", *written_)
        .port("write_addr_i", write_addr)
        .port("value_i", *new_state_)
        .port("read_i", *read_)
        .port("read_addr_i", read_addr)
        .port("value_o", kept);
    state_ = module_.wire("state", width);
    module_.instance(leaves::word_gate(), "u_state_gate")
        .parameter("Width", width)
        .port("zero_i", fresh)
        .port("word_i", kept)
        .port("word_o", *state_);
  }

  Net add_place(const std::string& name, const Net& step, int words) {
    const Net addr = module_.wire("state_" + name + "_addr",
                                  std::max(1, base::clog2(static_cast<std::uint64_t>(words))));
    clocked(module_.instance(leaves::walk(), "u_state_" + name))
        .parameter("Words", words)
        .parameter("Step", 1)
        .port("step_i", step)
        .port("base_o", addr);
    return addr;
  }

  void add_cell() {
    const int gates = gates_of(config_.rule.kind) * config_.rule.gates.out_bits;
    const auto parameters = static_cast<std::size_t>(config_.rule.parameters());
    std::vector<Expr> in;
    for (int e = 0; e < config_.elements; ++e) {
      in.insert(in.begin(), fetched_sums_->slice(e * gates, gates));
      for (std::size_t p = 0; p < parameters; ++p)
        in.insert(in.begin(), parameters_[static_cast<std::size_t>(e) * parameters + p]);
      if (state_) in.insert(in.begin(), state_->slice(e * bits_, bits_));
    }
    const Wires sums{*fetched_valid_, *fetched_ready_, joined_data("cell_in", in)};
    const Net count = module_.output("clipped_cell_o", 32);
    if (second_ == nullptr) {
      const Wires out = add_path(cell_, "cell", sums, count);
      gathered_ = gather("gathered", out, results());
      if (state_) keep(out);
      return;
    }
    const Net first_count = module_.wire("cell_count", 32);
    const Net second_count = module_.wire("second_count", 32);
    const Wires out = add_path(cell_, "cell", sums, first_count);
    const Wires later = add_second(out, second_count);
    gathered_ = gather("gathered", later, 1);
    keep(later);
    module_.instance(leaves::sum_tree(), "u_cell_count")
        .parameter("Inputs", 2)
        .parameter("InBits", 32)
        .parameter("OutBits", 32)
        .port("terms_i", verilog::concat({second_count, first_count}))
        .port("sum_o", count);
  }

  Net joined_data(const std::string& name, const std::vector<Expr>& parts) {
    const Expr all = verilog::concat(parts);
    const Net data = module_.wire(name, all.width());
    module_.assign(data, all);
    return data;
  }

  // A graph of words, and the count of what it clips.
  Wires add_path(const Module& path, const std::string& name, const Wires& in, const Net& count) {
    const Wires out = wires(name, path.find("data_o")->width);
    Instance& instance = clocked(module_.instance(path, "u_" + name))
                             .port("valid_i", in.valid)
                             .port("ready_o", in.ready)
                             .port("data_i", in.data)
                             .port("valid_o", out.valid)
                             .port("ready_i", out.ready)
                             .port("data_o", out.data);
    if (const std::optional<Net> clipped = path.find("clipped_o")) {
      const Net flags = module_.wire(name + "_clipped", clipped->width);
      instance.port("clipped_o", flags);
      add_counter(name, out.valid, out.ready, flags, flags.width, count);
    } else {
      module_.assign(count, verilog::constant(32, 0));
    }
    return out;
  }

  // Words of an element after the cells.
  int results() const { return config_.rule.kind == quant::CellKind::kLstm ? 2 : 1; }

  // Word `which` of each element's `of`, in words of the layer, which hold it.
  Expr each_word(const Net& data, int which, int of) {
    const int width = data.width / config_.elements / of;
    std::vector<Expr> words, copies;  // of the sign
    for (int e = config_.elements - 1; e >= 0; --e) {
      const int lo = (e * of + which) * width;
      words.push_back(widened(data.slice(lo, std::min(width, bits_)), bits_));
      if (width > bits_) copies.push_back(data.slice(lo + bits_, width - bits_));
    }
    if (!copies.empty()) module_.discard("signs", verilog::concat(copies));
    return verilog::concat(words);
  }

  // The first of `of` words of each element, step by step, as blocks.
  Wires gather(const std::string& name, const Wires& steps, int of) {
    const Wires blocks = wires(name, config_.block * bits_);
    clocked(module_.instance(leaves::block_gather(), "u_" + name))
        .parameter("Width", bits_)
        .parameter("Block", config_.block)
        .parameter("Elements", config_.elements)
        .port("valid_i", steps.valid)
        .port("ready_o", steps.ready)
        .port("words_i", each_word(steps.data, 0, of))
        .port("valid_o", blocks.valid)
        .port("ready_i", blocks.ready)
        .port("block_o", blocks.data);
    return blocks;
  }

  // The last word of each element, to the state.
  void keep(const Wires& steps) {
    module_.assign(*new_state_, each_word(steps.data, results() - 1, results()));
    both("written", steps.valid, steps.ready, *written_);
  }

  void both(const std::string& name, const Net& a, const Net& b, const Net& all) {
    module_.instance(leaves::join(), "u_" + name)
        .parameter("Inputs", 2)
        .port("ready_i", verilog::concat({b, a}))
        .port("all_o", all);
  }

  // The second product of a kGruFirst: the reset state goes through it, the rest waits for it.
  Wires add_second(const Wires& steps, const Net& count) {
    const int words = steps.data.width / config_.elements / 4;
    const Wires blocks = gather("reset", steps, 4);
    const Wires products = add_engine(*projection_, "projection", kProjection, blocks);
    const int width = config_.rule.projected.out_bits;
    const Wires seen = wires("seen", config_.elements * width);
    clocked(module_.instance(leaves::block_split(), "u_seen"))
        .parameter("Width", width)
        .parameter("Block", config_.block)
        .parameter("Gates", 1)
        .parameter("Elements", config_.elements)
        .port("valid_i", products.valid)
        .port("ready_o", products.ready)
        .port("block_i", widened_each(products.data, config_.block, width))
        .port("valid_o", seen.valid)
        .port("ready_i", seen.ready)
        .port("words_o", seen.data);
    const Wires waiting = wires("waiting", config_.elements * 3 * words);
    const Net push = module_.wire("waiting_push");
    both("waiting_push", steps.valid, steps.ready, push);
    std::vector<Expr> kept;
    for (int e = config_.elements - 1; e >= 0; --e)
      kept.push_back(steps.data.slice((e * 4 + 1) * words, 3 * words));
    clocked(module_.instance(leaves::stream_buffer(), "u_waiting"))
        .parameter("Width", waiting.data.width)
        .parameter("Depth", config_.streams * steps_of(config_))
        .port("push_i", push)
        .port("data_i", verilog::concat(kept))
        .port("freed_o", module_.wire("unused_waiting_freed"))
        .port("valid_o", waiting.valid)
        .port("ready_i", waiting.ready)
        .port("data_o", waiting.data);
    std::vector<Expr> in;
    for (int e = 0; e < config_.elements; ++e) {
      in.insert(in.begin(), seen.data.slice(e * width, width));
      in.insert(in.begin(), waiting.data.slice(e * 3 * words, 3 * words));
    }
    const Wires all{module_.wire("both_valid"), module_.wire("both_ready"),
                    joined_data("second_in", in)};
    both("both_valid", seen.valid, waiting.valid, all.valid);
    both("seen_ready", all.ready, waiting.valid, seen.ready);
    both("waiting_ready", all.ready, seen.valid, waiting.ready);
    return add_path(*second_, "second", all, count);
  }

  void add_way_out() {
    Wires answers = *gathered_;
    if (config_.rule.projection) {
      answers = add_engine(*projection_, "projection", kProjection, *gathered_);
    } else if (second_ == nullptr) {
      module_.assign(module_.output("clipped_projection_o", 32), verilog::constant(32, 0));
    }
    const Net push = module_.wire("back_push");
    clocked(module_.instance(leaves::recurrent_fork(), "u_fork"))
        .parameter("Blocks", config_.outputs)
        .port("valid_i", answers.valid)
        .port("ready_o", answers.ready)
        .port("valid_o", *out_valid_)
        .port("ready_i", *out_ready_)
        .port("last_o", *out_last_)
        .port("back_push_o", push)
        .port("tag_valid_i", last_->valid)
        .port("tag_last_i", last_->data)
        .port("tag_pop_o", last_->ready);
    const Expr words = widened_each(answers.data, config_.block, bits_);
    module_.assign(*out_data_, words);
    clocked(module_.instance(leaves::stream_buffer(), "u_back"))
        .parameter("Width", words.width())
        .parameter("Depth", config_.streams * config_.outputs)
        .port("push_i", push)
        .port("data_i", words)
        .port("freed_o", module_.wire("unused_back_freed"))
        .port("valid_o", back_->valid)
        .port("ready_i", back_->ready)
        .port("data_o", back_->data);
  }

  const RecurrentConfig& config_;
  int bits_;
  const Module& gates_;
  const Module& cell_;
  const Module* projection_;  // the engine of the second product
  const Module* second_;      // what follows it in a kGruFirst
  Module& module_;
  std::optional<Net> clk_, rst_n_, we_, addr_, data_, in_valid_, in_ready_, in_last_, in_data_,
      out_valid_, out_ready_, out_last_, out_data_, read_, step_, fetched_valid_, fetched_ready_,
      fetched_sums_, written_, new_state_, state_;
  std::optional<Wires> back_, joined_, fresh_, last_, split_, gathered_;
  std::vector<Net> parameters_;
};

}  // namespace

std::vector<Module> structure(const RecurrentConfig& config) {
  check(config);
  const std::string name = module_name(config);
  std::vector<Module> modules = structure(gates_config(config));
  if (config.rule.has_second()) add_all(modules, structure(projection_config(config)));
  const auto add_path = [&](const Datapath& path, const std::string& suffix, const char* text) {
    modules.push_back(structure(path, stages_of(path, config.levels), Multiplier::kProduct,
                                name + suffix, {text}));
  };
  const bool first = config.rule.kind == quant::CellKind::kGruFirst;
  add_path(cell_path(config), "_cell", "From sums of gates to what elements answer.");
  if (first) add_path(second_path(config), "_second", "With what the reset state gave.");
  Module layer(name, header(config));
  const auto find = [&modules](bool there, const std::string& which) {
    return there ? &named(modules, which) : nullptr;
  };
  LayerPrinter(config, named(modules, module_name(gates_config(config))),
               named(modules, name + "_cell"),
               find(config.rule.has_second(), module_name(projection_config(config))),
               find(first, name + "_second"), layer)
      .print();
  modules.push_back(std::move(layer));
  return modules;
}

}  // namespace units
