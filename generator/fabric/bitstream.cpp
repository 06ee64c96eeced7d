#include "fabric/bitstream.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>

#include "base/error.hpp"

namespace fabric {

namespace {

constexpr std::string_view kMagic = "FPSA";
constexpr std::uint32_t kVersion = 1;
constexpr int kWordBits = 32;

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

int words_of(int bits) { return (bits + kWordBits - 1) / kWordBits; }

void put(std::string& bytes, std::uint32_t word) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(word >> 8 * i & 0xFF);
}

bool is_empty(const std::vector<bool>& frame) {
  return std::ranges::find(frame, true) == frame.end();
}

// Words of a bitstream, one after the other.
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {
    if (bytes.substr(0, kMagic.size()) != kMagic) damaged("it does not begin with FPSA");
    if (bytes.size() < kMagic.size() + 4 || bytes.size() % 4 != 0) damaged("it is truncated");
    at_ = bytes.size() - 4;
    const std::uint32_t crc = word();
    bytes_.remove_suffix(4);
    if (crc != crc_of(bytes_)) damaged("its CRC is not that of its content");
    at_ = kMagic.size();
  }

  std::uint32_t word() {
    if (at_ + 4 > bytes_.size()) damaged("it is truncated");
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at_ + i])) << 8 * i;
    at_ += 4;
    return value;
  }

  void expect_end() const {
    if (at_ != bytes_.size()) damaged("more follows its last frame");
  }

  [[noreturn]] void damaged(const std::string& how) const {
    base::fail(base::Code::kFileUnreadable, "this is no bitstream of this fabric: " + how, source_,
               "make it anew with fpsa pnr");
  }

 private:
  std::string_view bytes_;
  const std::string& source_;
  std::size_t at_ = 0;
};

void read_frame(Reader& reader, const Layout& layout, std::vector<bool>& known,
                Configuration& configuration) {
  const std::uint32_t address = reader.word();
  if (address >= static_cast<std::uint32_t>(layout.frames()))
    reader.damaged(fmt::format("the fabric has no frame {}", address));
  if (known[address]) reader.damaged(fmt::format("frame {} comes twice", address));
  known[address] = true;
  const auto frame = static_cast<int>(address);
  const int bits = layout.bits(frame);
  if (reader.word() != static_cast<std::uint32_t>(bits))
    reader.damaged(fmt::format("frame {} has not {} bits", address, bits));
  for (int first = 0; first < bits; first += kWordBits) {
    const int count = std::min(kWordBits, bits - first);
    const std::uint32_t word = reader.word();
    if (count < kWordBits && word >> count != 0)
      reader.damaged(fmt::format("frame {} has bits beyond its end", address));
    configuration.set({frame, first, count}, word);
  }
}

std::string place_of(const Graph& graph, NodeId node) {
  const Span& at = graph.span(node);
  switch (graph.kind(node)) {
    case NodeKind::kHorizontal:
      return fmt::format("row {} columns {}..{} track {}", at.y_low, at.x_low, at.x_high,
                         graph.track(node));
    case NodeKind::kVertical:
      return fmt::format("column {} rows {}..{} track {}", at.x_low, at.y_low, at.y_high,
                         graph.track(node));
    case NodeKind::kInput:
    case NodeKind::kOutput:
      break;
  }
  return fmt::format("input {}", graph.track(node));
}

std::string table_text(const Configuration& configuration, const Field& field) {
  std::string text;
  for (int i = field.bits - 1; i >= 0; --i) text += configuration.bit(field, i) ? '1' : '0';
  return text;
}

void add_lut(const Configuration& configuration, const Layout& layout, const Architecture& all,
             int x, int y, int lut, std::string& text) {
  const std::string name = fmt::format("({}, {}) lut {}", x, y, lut);
  const Field table = layout.table(x, y, lut);
  if (const std::string bits = table_text(configuration, table);
      bits.find('1') != std::string::npos)
    text += fmt::format("{} table {}\n", name, bits);
  for (int input = 0; input < all.lut_inputs; ++input)
    if (const auto choice = static_cast<int>(configuration.value(layout.choice(x, y, lut, input)));
        choice > 0)
      text += choice <= all.clb_inputs
                  ? fmt::format("{} in {} = input {}\n", name, input, choice - 1)
                  : fmt::format("{} in {} = lut {}\n", name, input, choice - 1 - all.clb_inputs);
  if (const std::uint32_t flip_flop = configuration.value(layout.flip_flop(x, y, lut));
      flip_flop != 0)
    text += fmt::format("{} flip-flop {} initial {}\n", name, flip_flop & 1, flip_flop >> 1);
}

}  // namespace

std::uint32_t fingerprint(const Architecture& architecture) {
  std::string text = fmt::format(
      "1 {} {} {} {} {} {} {} {} {} {} {}", architecture.columns, architecture.rows,
      architecture.lut_inputs, architecture.luts, architecture.clb_inputs, architecture.io_slots,
      architecture.channel_width, architecture.segment_length, architecture.fc_in_percent,
      architecture.fc_out_percent, static_cast<int>(architecture.pattern));
  for (const HardTile& tile : architecture.hard) {
    text += fmt::format(" {} {} {} {}", tile.name, tile.clock, tile.content,
                        fmt::join(tile.columns, " "));
    for (const HardPort& port : tile.ports)
      text += fmt::format(" {} {} {}{}", port.name, port.width, port.is_input ? 1 : 0,
                          port.is_link ? " link" : "");
  }
  return crc_of(text);
}

std::string encode(const Configuration& configuration, const Architecture& architecture) {
  std::string bytes(kMagic);
  put(bytes, kVersion);
  put(bytes, fingerprint(architecture));
  std::uint32_t frames = 0;
  std::string body;
  for (int number = 0; number < configuration.frames(); ++number) {
    const std::vector<bool>& frame = configuration.frame(number);
    if (is_empty(frame)) continue;
    ++frames;
    put(body, static_cast<std::uint32_t>(number));
    const auto bits = static_cast<int>(frame.size());
    put(body, static_cast<std::uint32_t>(bits));
    for (int word = 0; word < words_of(bits); ++word)
      put(body, configuration.value(
                    {number, word * kWordBits, std::min(kWordBits, bits - word * kWordBits)}));
  }
  put(bytes, frames);
  bytes += body;
  put(bytes, crc_of(bytes));
  return bytes;
}

Configuration decode(std::string_view bytes, const std::string& source, const Graph& graph,
                     const Layout& layout) {
  Reader reader(bytes, source);
  if (const std::uint32_t version = reader.word(); version != kVersion)
    reader.damaged(fmt::format("it is of version {}", version));
  if (reader.word() != fingerprint(graph.architecture())) reader.damaged("it is of another fabric");
  Configuration configuration(layout);
  std::vector<bool> known(static_cast<std::size_t>(layout.frames()), false);
  const std::uint32_t frames = reader.word();
  for (std::uint32_t i = 0; i < frames; ++i) read_frame(reader, layout, known, configuration);
  reader.expect_end();
  return configuration;
}

std::string to_text(const Configuration& configuration, const Graph& graph, const Layout& layout) {
  const Architecture& all = graph.architecture();
  std::string text = "# (column, row), what, its choice; all else is 0\n";
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const NodeId node(index);
    const std::uint32_t choice = configuration.value(layout.multiplexer(node));
    if (choice == 0) continue;
    const Home home = home_of(graph, node);
    text += fmt::format("({}, {}) {} = {}\n", home.x, home.y, place_of(graph, node), choice);
  }
  for (int y = 1; y <= all.rows; ++y)
    for (int x = 1; x <= all.columns; ++x)
      for (int lut = 0; lut < all.luts && hard_in(all, x) < 0; ++lut)
        add_lut(configuration, layout, all, x, y, lut, text);
  return text;
}

std::string words_text(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    for (std::size_t i = 4; i-- > 0;)
      text += fmt::format("{:02x}", static_cast<unsigned char>(bytes[at + i]));
    text += '\n';
  }
  return text;
}

}  // namespace fabric
