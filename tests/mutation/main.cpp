// mutants FILE        lists the file's mutants: number, line, the faulty line
// mutants FILE N      prints the file with mutant N, from 1
#include <fstream>
#include <iostream>
#include <sstream>

#include "mutants.hpp"

namespace {

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return text.str();
}

void list(const std::string& source) {
  std::size_t number = 0;
  for (const mutation::Mutant& mutant : mutation::mutants_of(source))
    std::cout << ++number << '\t' << mutant.line << '\t' << mutation::faulty_line(source, mutant)
              << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2 || argc > 3) throw std::runtime_error("usage: mutants FILE [N]");
  const std::string source = read(argv[1]);
  if (argc == 2) return list(source), 0;
  const auto mutants = mutation::mutants_of(source);
  const std::size_t number = std::stoul(argv[2]);
  std::cout << mutation::mutate(source, mutants.at(number - 1));
  return 0;
} catch (const std::exception& error) {
  std::cerr << "mutants: " << error.what() << '\n';
  return 1;
}
