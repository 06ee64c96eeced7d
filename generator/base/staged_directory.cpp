#include "base/staged_directory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/paths.hpp"

namespace base {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBuilding = ".fpsa.new";       // the tree that is being built
constexpr const char* kCommitting = ".fpsa.commit";  // what is left to be moved of a whole one
constexpr std::size_t kNamed = 5;                    // files that a message names

bool is_own_name(const fs::path& name) {
  return name == kBuilding || name == kCommitting || name == kLockName;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;  // what cannot be looked at is found out when it is written
  return fs::exists(fs::symlink_status(path, ignored));
}

bool holds_nothing(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory))
    if (!is_own_name(entry.path().filename())) return false;
  return true;
}

void refuse_foreign(const fs::path& target, bool is_ours, bool force) {
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (!fs::exists(status)) {
    if (error && error != std::errc::no_such_file_or_directory) fail_write(target, error.message());
    return;
  }
  const std::string name = target.filename().string();
  if (!fs::is_directory(status))
    fail(Code::kForeignDirectory, fmt::format("{} is not a directory", name), target.string(),
         "choose another --out");
  if (!force && !is_ours && !holds_nothing(target))
    fail(Code::kForeignDirectory, fmt::format("{} exists and was not made by fpsa", name),
         target.string(),
         "choose another --out, or --force to write into it; what is there stays, but for files of "
         "the same names as new ones");
}

[[noreturn]] void fail_in_the_way(const fs::path& target, const std::vector<std::string>& files,
                                  const std::string& what) {
  const std::size_t shown = std::min(kNamed, files.size());
  const std::string more =
      files.size() > shown ? fmt::format(" and {} more", files.size() - shown) : "";
  fail(
      Code::kFilesInTheWay,
      fmt::format(
          "{}: {}{}", what,
          fmt::join(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(shown), ", "), more),
      target.string(), "move them away, choose another --out, or --force to replace them");
}

// Files that were written by the program and then by someone else.
std::vector<std::string> changed(const fs::path& target, const Inventory& ours) {
  std::vector<std::string> files;
  for (const auto& [file, hash] : ours.files) {
    interruption_point();
    const fs::path path = target / file;
    if (hash.empty() || !is_there(path)) continue;
    if (!fs::is_regular_file(fs::symlink_status(path)) || sha256(read_file(path)) != hash)
      files.push_back(file);
  }
  return files;
}

// Relative paths of everything below `root` but folders.
std::vector<std::string> files_below(const fs::path& root) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(root).string());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_listed(const Inventory& ours, const std::string& file) {
  return ours.files.contains(file) ||
         std::any_of(ours.folders.begin(), ours.folders.end(),
                     [&](const std::string& folder) { return file.starts_with(folder + "/"); });
}

// What stands where `file` is to go and is not ours: the file itself, or a file for a folder. Force
// replaces a file by a file, nothing else.
std::optional<std::string> obstacle(const fs::path& target, const Inventory& ours,
                                    const std::string& file, bool force) {
  fs::path path = target;
  const fs::path relative(file);
  for (auto part = relative.begin(); part != relative.end(); ++part) {
    path /= *part;
    if (!is_there(path)) return {};
    const bool last = std::next(part) == relative.end();
    const std::string so_far = path.lexically_relative(target).string();
    if (!last && fs::is_directory(fs::symlink_status(path))) continue;
    if (force && last && !fs::is_directory(fs::symlink_status(path))) continue;
    if (!is_listed(ours, so_far)) return so_far;
  }
  return {};
}

// Folders that held the inventory and hold nothing any more.
void remove_empty_parents(const fs::path& target, fs::path folder) {
  std::error_code ignored;  // not empty: it stays
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_symlink(fs::symlink_status(target / folder, ignored))) return;
    if (!fs::remove(target / folder, ignored)) return;
  }
}

void remove_inventory(const fs::path& target, const Inventory& ours, const std::string& but) {
  std::set<fs::path> parents;
  const auto remove = [&](const std::string& path) {
    std::error_code error;
    fs::remove_all(target / path, error);
    if (error) fail_write(target / path, error.message());
    parents.insert(fs::path(path).parent_path());
  };
  for (const auto& [file, hash] : ours.files)
    if (file != but) remove(file);
  for (const std::string& folder : ours.folders) remove(folder);
  for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent)
    remove_empty_parents(target, *parent);
}

void move_into_place(const fs::path& staging, const fs::path& target, const std::string& file) {
  create_folder((target / file).parent_path(), target / file);
  rename_or_fail(staging / file, target / file);
}

}  // namespace

StagedDirectory::StagedDirectory(const fs::path& target, Inventory ours, bool is_ours, bool force)
    : target_(resolved(target)),
      ours_(std::move(ours)),
      force_(force),
      staging_(target_ / kBuilding) {
  refuse_foreign(target_, is_ours, force);
  if (!force)
    if (const auto files = changed(target_, ours_); !files.empty())
      fail_in_the_way(target_, files, "files that fpsa made were changed since");
  lock_.emplace(target_);
  sweep(target_);
  std::error_code error;
  fs::remove_all(staging_, error);
  if (!error) fs::create_directory(staging_, error);
  if (error) fail_write(target_, error.message());
}

StagedDirectory::~StagedDirectory() { remove_quietly(staging_); }

void StagedDirectory::commit(const std::string& first) {
  std::vector<std::string> files = files_below(staging_);
  std::stable_partition(files.begin(), files.end(),
                        [&](const std::string& file) { return file == first; });
  std::vector<std::string> obstacles;
  for (const std::string& file : files)
    if (const auto found = obstacle(target_, ours_, file, force_)) obstacles.push_back(*found);
  if (!obstacles.empty())
    fail_in_the_way(target_, obstacles, "files that fpsa did not make are in the way of new ones");
  interruption_point();
  // From here on nothing asks whether the user has interrupted: renames are quick. A kill is found
  // by the folder that is left, and by then `first` tells whose the files are. An earlier cut
  // leaves the folder, emptied, for the rename to replace: at no time is it missing while files
  // are.
  const fs::path rest = target_ / kCommitting;
  if (fs::exists(rest))
    for (const auto& entry : fs::directory_iterator(rest)) fs::remove_all(entry.path());
  rename_or_fail(staging_, rest);
  remove_inventory(target_, ours_, first);
  for (const std::string& file : files) move_into_place(rest, target_, file);
  remove_quietly(rest);
}

bool is_half_made(const fs::path& directory) { return is_there(directory / kCommitting); }

void sweep(const fs::path& directory) {
  const std::string ending = kTemporaryEnding;
  std::error_code ignored;  // left-overs that cannot be removed harm nobody
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator entry(directory, ignored), end; entry != end;
       entry.increment(ignored))
    if (entry->path().filename().string().ends_with(ending)) found.push_back(entry->path());
  for (const fs::path& path : found) fs::remove(path, ignored);
}

}  // namespace base
