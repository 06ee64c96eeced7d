#include "nn/external_data.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "base/error.hpp"

namespace nn {

namespace fs = std::filesystem;
using base::Code;

namespace {

struct Location {
  std::string file;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;
};

std::uint64_t parse_number(const std::string& key, const std::string& text,
                           const std::string& where) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    base::fail(Code::kBadTensor,
               fmt::format("external data: {} is \"{}\", not a number", key, text), where);
  return value;
}

Location location_of(const onnx::TensorProto& proto, const std::string& where) {
  Location location;
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location")
      location.file = entry.value();
    else if (entry.key() == "offset")
      location.offset = parse_number("offset", entry.value(), where);
    else if (entry.key() == "length")
      location.length = parse_number("length", entry.value(), where);
    else if (entry.key() != "checksum")
      base::fail(Code::kBadTensor, fmt::format("external data: unknown key \"{}\"", entry.key()),
                 where);
  }
  return location;
}

bool is_inside(const fs::path& file, const fs::path& folder) {
  const auto [end, rest] = std::ranges::mismatch(folder, file);
  return end == folder.end() && rest != file.end();
}

fs::path relative_path(const std::string& file, const std::string& where) {
  fs::path relative(file);
  if (file.empty() || relative.is_absolute() ||
      std::ranges::find(relative, fs::path("..")) != relative.end())
    base::fail(Code::kBadTensor,
               fmt::format("external data: \"{}\" is not a path inside the model's folder", file),
               where);
  return relative;
}

// The file's real path. A model from a stranger must not read, say, /etc/passwd into the weights.
fs::path resolve(const std::string& file, const fs::path& folder, const std::string& where) {
  const fs::path relative = relative_path(file, where);
  std::error_code error;
  const fs::path base_folder = fs::canonical(folder.empty() ? fs::path(".") : folder, error);
  const fs::path path = error ? fs::path{} : fs::canonical(base_folder / relative, error);
  if (error || !fs::is_regular_file(path, error))
    base::fail(Code::kBadTensor, fmt::format("external data: file \"{}\" is not there", file),
               where, "put the file beside the model");
  if (!is_inside(path, base_folder))
    base::fail(Code::kBadTensor,
               fmt::format("external data: \"{}\" leads out of the model's folder", file), where);
  return path;
}

}  // namespace

fs::path external_file(const onnx::TensorProto& proto, const fs::path& folder,
                       const std::string& where) {
  return resolve(location_of(proto, where).file, folder, where);
}

bool has_external(const onnx::TensorProto& proto, const fs::path& folder,
                  const std::string& where) {
  std::error_code error;
  const fs::path file = folder / relative_path(location_of(proto, where).file, where);
  return fs::symlink_status(file, error).type() != fs::file_type::not_found;
}

std::string read_external(const onnx::TensorProto& proto, const fs::path& folder,
                          const std::string& where, std::size_t needed) {
  const Location location = location_of(proto, where);
  const fs::path path = resolve(location.file, folder, where);
  const std::uint64_t size = fs::file_size(path);
  if (location.length && *location.length != needed)
    base::fail(Code::kBadTensor,
               fmt::format("external data: length is {}, but the shape and type need {} bytes",
                           *location.length, needed),
               where);
  if (location.offset > size || size - location.offset < needed)
    base::fail(Code::kBadTensor,
               fmt::format("external data: \"{}\" has {} bytes; {} are needed from {}",
                           location.file, size, needed, location.offset),
               where, "the file is truncated; copy it again");
  std::ifstream stream(path, std::ios::binary);
  std::string bytes(needed, '\0');
  stream.seekg(static_cast<std::streamoff>(location.offset));
  stream.read(bytes.data(), static_cast<std::streamsize>(needed));
  if (!stream)
    base::fail(Code::kBadTensor, fmt::format("external data: \"{}\" cannot be read", location.file),
               where);
  return bytes;
}

}  // namespace nn
