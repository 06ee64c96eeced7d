#include "simulation.hpp"

#include <verilated.h>

#include <algorithm>
#include <cstdio>
#if VM_TRACE_FST
#include <verilated_fst_c.h>
#else
class VerilatedFstC {};  // the build without TRACE=1 has no waveforms
#endif

#include "Vtop.h"

namespace tb {
namespace {

constexpr int kResetClocks = 8;
constexpr std::uint64_t kDrainClocks = 4096;
constexpr std::uint64_t kDrainWindows = 4;

// Registers, memories and x's start random, so a missing reset shows.
std::unique_ptr<VerilatedContext> make_context(const Options& options) {
  auto context = std::make_unique<VerilatedContext>();
  context->randReset(2);
  context->randSeed(static_cast<int>(options.seed % 0x7fffffff) + 1);
  return context;
}

std::unique_ptr<VerilatedFstC> open_trace([[maybe_unused]] Vtop& top,
                                          [[maybe_unused]] VerilatedContext& context,
                                          const std::filesystem::path& file) {
  if (file.empty()) return nullptr;
#if VM_TRACE_FST
  context.traceEverOn(true);
  auto trace = std::make_unique<VerilatedFstC>();
  top.trace(trace.get(), 99);
  trace->open(file.c_str());
  if (!trace->isOpen()) throw std::runtime_error(file.string() + ": cannot be written");
  return trace;
#else
  throw std::runtime_error("built without waveforms; build with TRACE=1");
#endif
}

void dump([[maybe_unused]] VerilatedFstC* trace, [[maybe_unused]] std::uint64_t time) {
#if VM_TRACE_FST
  if (trace) trace->dump(time);
#endif
}

}  // namespace

Simulation::Simulation(const Options& options, const Bench& bench, const Vectors& vectors,
                       std::size_t samples)
    : options_(options),
      bench_(bench),
      samples_(samples),
      context_(make_context(options)),
      top_(std::make_unique<Vtop>(context_.get(), "TOP")),
      trace_(open_trace(*top_, *context_, options.trace)),
      source_(bench, vectors.stimulus, samples, Chance(options.seed * 2, options.idle)),
      sink_(bench, vectors.outputs, samples, Chance(options.seed * 2 + 1, options.backpressure)) {
  for (std::size_t k = 0; k < bench.probes.size(); ++k)
    monitors_.emplace_back(bench.top, bench.probes[k], *context_, vectors.trains[k], samples);
  reset();
}

Simulation::~Simulation() {
#if VM_TRACE_FST
  if (trace_) trace_->close();
#endif
  top_->final();
}

void Simulation::reset() {
  top_->rst_ni = 0;
  top_->s_axis_tvalid = 0;
  top_->s_axis_tlast = 0;
  top_->m_axis_tready = 0;
  top_->s_axil_awvalid = 0;
  top_->s_axil_awprot = 0;
  top_->s_axil_wvalid = 0;
  top_->s_axil_wstrb = 0xf;
  top_->s_axil_bready = 0;
  top_->s_axil_arvalid = 0;
  top_->s_axil_arprot = 0;
  top_->s_axil_rready = 0;
  for (int i = 0; i < kResetClocks; ++i) step();
  top_->rst_ni = 1;
}

void Simulation::step() {
  top_->clk_i = 0;
  if (streaming_) {
    source_.drive(*top_);
    sink_.drive(*top_);
  }
  top_->eval();
  dump(trace_.get(), 10 * clock_);
  if (streaming_) observe();
  top_->clk_i = 1;
  top_->eval();
  dump(trace_.get(), 10 * clock_ + 5);
  ++clock_;
  if (context_->gotFinish()) throw std::runtime_error("the design called $finish");
  if (clock_ - last_move_ > options_.timeout)
    throw Hang("nothing moved for " + std::to_string(options_.timeout) + " clocks\n" + state());
}

void Simulation::observe() {
  for (Monitor& monitor : monitors_)
    if (monitor.observe(clock_)) moved();
  if (source_.observe(*top_)) {
    if (first_input_ == 0) first_input_ = clock_;
    moved();
  }
  if (!sink_.observe(*top_, clock_)) return;
  moved();
  if (sink_.sample() > finished_.size()) {
    finished_.push_back(clock_);
    report_progress(sink_.done());
  }
}

void Simulation::report_progress(bool last) {
  const std::size_t part = 100 * finished_.size() / samples_;
  if (part == progress_ && !last) return;
  progress_ = part;
  std::printf("progress %zu %zu\n", finished_.size(), samples_);
  std::fflush(stdout);
}

void Simulation::run() {
  moved();
  streaming_ = true;
  while (!sink_.done()) step();
  active_clocks_ = clock_ - first_input_;
  for (Monitor& monitor : monitors_) monitor.freeze();
  drain();
  streaming_ = false;
}

void Simulation::drain() {
  sink_.drain();
  std::vector<std::uint64_t> last_tick;
  for (const Monitor& monitor : monitors_)
    last_tick.push_back(monitor.ticks() + kDrainWindows * monitor.probe().period);
  const auto any_left = [&] {
    for (std::size_t k = 0; k < monitors_.size(); ++k)
      if (monitors_[k].ticks() < last_tick[k]) return true;
    return false;
  };
  const std::uint64_t end = clock_ + kDrainClocks;
  while (clock_ < end && any_left()) {
    moved();  // nothing has to move any more
    step();
  }
}

void Simulation::finish() {
  for (Monitor& monitor : monitors_) monitor.finish();
}

void Simulation::identify() {
  const std::uint32_t id = read(kId);
  if (id != kIdValue)
    throw std::runtime_error("CSR 0x00 is not the id 0x46505341 but " + std::to_string(id));
  char text[128];
  const std::uint32_t hash = read(kSpecHash);
  std::snprintf(text, sizeof text, "the design was made from spec %08x, bench.txt from %08x", hash,
                bench_.spec_hash);
  if (hash != bench_.spec_hash) throw std::runtime_error(text);
}

void Simulation::load() {
  for (const Load& load : bench_.loads) {
    write(kLoadUnit, load.unit);
    bool first = true;
    std::uint32_t next = 0;
    for (const LoadWord& word : read_load(load.file)) {
      // The address counts up by itself; only a jump needs a write.
      if (first || word.address != next) write(kLoadAddress, word.address);
      write(kLoadData, word.data);
      next = word.address + 1;
      first = false;
    }
  }
}

Counters Simulation::read_counters() {
  return {read_wide(kCycles), read_wide(kLiveWindows), read_wide(kSamples), read_wide(kCeilings),
          read(kStatus)};
}

std::uint64_t Simulation::read_wide(Register address) {
  const std::uint64_t low = read(address);
  return low | std::uint64_t{read(static_cast<Register>(address + 4))} << 32;
}

std::uint32_t Simulation::read(Register address) {
  top_->s_axil_araddr = address;
  top_->s_axil_arvalid = 1;
  top_->s_axil_rready = 1;
  for (bool answered = false; !answered;) {
    top_->clk_i = 0;
    top_->eval();
    const bool accepted = top_->s_axil_arvalid && top_->s_axil_arready;
    answered = top_->s_axil_rvalid;
    const std::uint32_t data = top_->s_axil_rdata;
    const unsigned response = top_->s_axil_rresp;
    step();
    if (accepted) top_->s_axil_arvalid = 0;
    if (!answered) continue;
    moved();
    top_->s_axil_rready = 0;
    if (response != 0)
      throw std::runtime_error("CSR " + std::to_string(address) + " answers a read with an error");
    return data;
  }
  return 0;
}

void Simulation::write(Register address, std::uint32_t data) {
  top_->s_axil_awaddr = address;
  top_->s_axil_wdata = data;
  top_->s_axil_awvalid = 1;
  top_->s_axil_wvalid = 1;
  top_->s_axil_bready = 1;
  for (bool answered = false; !answered;) {
    top_->clk_i = 0;
    top_->eval();
    const bool address_accepted = top_->s_axil_awready;
    const bool data_accepted = top_->s_axil_wready;
    answered = top_->s_axil_bvalid;
    const unsigned response = top_->s_axil_bresp;
    step();
    if (address_accepted) top_->s_axil_awvalid = 0;
    if (data_accepted) top_->s_axil_wvalid = 0;
    if (answered && response != 0)
      throw std::runtime_error("CSR " + std::to_string(address) + " answers a write with an error");
  }
  moved();
  top_->s_axil_bready = 0;
}

std::string Simulation::state() const {
  const auto line = [](const char* name, unsigned valid, unsigned ready, const std::string& rest) {
    return std::string(name) + ": tvalid " + std::to_string(valid) + " tready " +
           std::to_string(ready) + ", " + rest + "\n";
  };
  std::string text = "clock " + std::to_string(clock_) + ", last movement at clock " +
                     std::to_string(last_move_) + "\n";
  text += line(
      "s_axis", top_->s_axis_tvalid, top_->s_axis_tready,
      "sample " + std::to_string(source_.sample()) + ", beat " + std::to_string(source_.beat()));
  text +=
      line("m_axis", top_->m_axis_tvalid, top_->m_axis_tready,
           "sample " + std::to_string(sink_.sample()) + ", beat " + std::to_string(sink_.beat()));
  for (const Monitor& monitor : monitors_) text += monitor.state() + "\n";
  return text;
}

}  // namespace tb
