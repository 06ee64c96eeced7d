#include "mutants.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

namespace mutation {
namespace {

enum class Kind { kWord, kNumber, kOperator };

struct Token {
  Kind kind;
  std::string_view text;
  std::size_t at;
  std::size_t line;
  bool frozen = false;  // not to be changed
};

using Tokens = std::vector<Token>;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Tokens run() {
    while (skip_blank(), at_ < source_.size()) tokens_.push_back(next());
    return std::move(tokens_);
  }

 private:
  // Blanks, comments, strings, directives
  void skip_blank() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '\n') ++line_;
      if (std::isspace(static_cast<unsigned char>(c)))
        ++at_;
      else if (source_.substr(at_, 2) == "//" || c == '`')
        at_ = std::min(source_.find('\n', at_), source_.size());
      else if (source_.substr(at_, 2) == "(*" && source_.substr(at_, 3) != "(*)")
        at_ = source_.find("*)", at_) + 2;
      else if (c == '"')
        at_ = source_.find('"', at_ + 1) + 1;
      else
        return;
    }
  }

  Token next() {
    const std::size_t begin = at_;
    const char c = source_[at_];
    Kind kind = Kind::kOperator;
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '\'') {
      kind = Kind::kNumber;
      while (at_ < source_.size() && (is_word(source_[at_]) || source_[at_] == '\'')) ++at_;
    } else if (is_word(c)) {
      kind = Kind::kWord;
      while (at_ < source_.size() && is_word(source_[at_])) ++at_;
    } else {
      at_ += operator_length();
    }
    return {kind, source_.substr(begin, at_ - begin), begin, line_};
  }

  std::size_t operator_length() const {
    for (const std::string_view known :
         {"<<<", ">>>", "===", "!==", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "+:", "-:"})
      if (source_.substr(at_, known.size()) == known) return known.size();
    return 1;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  Tokens tokens_;
};

bool one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Index of the bracket that closes the one at `open`, or opens the one that closes there.
std::size_t matching(const Tokens& tokens, std::size_t open) {
  const bool forward = one_of(tokens[open].text, {"(", "[", "{"});
  int depth = 0;
  for (std::size_t i = open;; forward ? ++i : --i) {
    if (one_of(tokens[i].text, {"(", "[", "{"})) ++depth;
    if (one_of(tokens[i].text, {")", "]", "}"})) --depth;
    if (depth == 0) return i;
  }
}

std::size_t next_of(const Tokens& tokens, std::size_t from,
                    std::initializer_list<std::string_view> ends) {
  while (from < tokens.size() && !one_of(tokens[from].text, ends)) ++from;
  return from;
}

void freeze(Tokens& tokens, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < std::min(last, tokens.size()); ++i) tokens[i].frozen = true;
}

// wire, reg, localparam: up to the value; the whole of it if only its width or nothing hangs on it.
void freeze_declaration(Tokens& tokens, std::size_t start) {
  const std::size_t stop = next_of(tokens, start, {"=", ";"});
  const std::size_t end = next_of(tokens, start, {";"});
  std::size_t name = start + 1;
  while (name < stop && (tokens[name].kind != Kind::kWord || tokens[name].text == "signed"))
    name = tokens[name].text == "[" ? matching(tokens, name) + 1 : name + 1;
  const std::string_view text = name < stop ? tokens[name].text : "";
  freeze(tokens, start, text.starts_with("unused") || text.ends_with("BITS") ? end : stop);
}

// {count{...}}: widths
void freeze_replication(Tokens& tokens, std::size_t open) {
  std::size_t i = open + 1;
  while (!one_of(tokens[i].text, {",", "{", "}"}))
    i = one_of(tokens[i].text, {"(", "["}) ? matching(tokens, i) + 1 : i + 1;
  if (tokens[i].text == "{" && i > open + 1) freeze(tokens, open + 1, i);
}

// Which bits a select takes: widths, but for the index of [index +: width]
void freeze_select(Tokens& tokens, std::size_t open) {
  const std::size_t close = matching(tokens, open);
  const std::size_t colon = next_of(tokens, open, {":", "+:"});
  if (colon < close) freeze(tokens, tokens[colon].text == ":" ? open : colon + 1, close);
}

// The statement around $fatal, its initial or if included
void freeze_guard(Tokens& tokens, std::size_t fatal) {
  std::size_t first = fatal;
  while (first > 0 && !one_of(tokens[first - 1].text, {";", "begin", "end", "endgenerate"}))
    --first;
  freeze(tokens, first, next_of(tokens, fatal, {";"}) + 1);
}

// if (...) begin : gen_limits m_parameter_out_of_range u_limits (); end: stops elaboration
void freeze_limits(Tokens& tokens, std::size_t module) {
  std::size_t first = module;
  while (first > 0 && tokens[first].text != "if") --first;
  freeze(tokens, first, module);
}

void freeze_fixed(Tokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view text = tokens[i].text;
    if (text == "module") freeze(tokens, i, next_of(tokens, i, {";"}));
    if (one_of(text, {"wire", "reg", "localparam"})) freeze_declaration(tokens, i);
    if (one_of(text, {"integer", "genvar", "input", "function"}))
      freeze(tokens, i, next_of(tokens, i, {";", ")"}));
    if (text == "for") freeze(tokens, i, matching(tokens, i + 1) + 1);
    if (text == "[") freeze_select(tokens, i);
    if (text == "{") freeze_replication(tokens, i);
    if (text == "$fatal") freeze_guard(tokens, i);
    if (text.ends_with("_parameter_out_of_range")) freeze_limits(tokens, i);
  }
}

class Mutator {
 public:
  explicit Mutator(const std::string& source) : source_(source), tokens_(Lexer(source).run()) {
    freeze_fixed(tokens_);
  }

  std::vector<Mutant> run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      track_statement(i);
      if (tokens_[i].frozen) continue;
      if (tokens_[i].kind == Kind::kNumber) number(i);
      if (tokens_[i].kind == Kind::kOperator) operation(i);
      if (tokens_[i].text == "if" && tokens_[i + 1].text == "(") condition(i + 1);
    }
    return std::move(mutants_);
  }

 private:
  void replace(std::size_t i, std::string text) {
    mutants_.push_back({tokens_[i].at, tokens_[i].text.size(), std::move(text), tokens_[i].line});
  }

  void track_statement(std::size_t i) {
    const std::string_view text = tokens_[i].text;
    if (one_of(text, {"(", "[", "{"})) ++depth_;
    if (one_of(text, {")", "]", "}"})) --depth_;
    if (text == "=" && depth_ == 0) assigned_ = true;
    if (one_of(text, {";", "begin", "end", "else"})) assigned_ = false;
  }

  bool after_operand(std::size_t i) const {
    return i > 0 &&
           (tokens_[i - 1].kind != Kind::kOperator || one_of(tokens_[i - 1].text, {")", "]", "}"}));
  }

  void operation(std::size_t i) {
    static const std::map<std::string_view, std::string_view> kNeighbours{
        {"&&", "||"}, {"||", "&&"}, {"==", "!="}, {"!=", "=="}, {"<", "<="}, {">", ">="},
        {">=", ">"},  {"+", "-"},   {"-", "+"},   {"*", "+"},   {"/", "%"},  {"%", "/"},
        {"&", "|"},   {"|", "&"},   {"^", "|"},   {"<<", ">>"}, {">>", "<<"}};
    const std::string_view text = tokens_[i].text;
    if (text == "<=") return depth_ == 0 && !assigned_ ? assignment(i) : replace(i, "<");
    if (text == "?") return replace(i, "|| 1'b1 ?"), replace(i, "&& 1'b0 ?");
    if (one_of(text, {"!", "~"})) return replace(i, "");
    if (one_of(text, {"^", "-", "+", "*"}) && !after_operand(i)) return;
    if (const auto found = kNeighbours.find(text); found != kNeighbours.end())
      replace(i, std::string(found->second));
  }

  // The opposite of if (...)
  void condition(std::size_t open) {
    const std::size_t begin = tokens_[open].at;
    const std::size_t length = tokens_[matching(tokens_, open)].at + 1 - begin;
    mutants_.push_back(
        {begin, length, "(!" + source_.substr(begin, length) + ")", tokens_[open].line});
  }

  // lvalue <= ... becomes a comment, its ; stays
  void assignment(std::size_t arrow) {
    std::size_t first = arrow - 1;
    while (one_of(tokens_[first].text, {"]", "}"})) {
      first = matching(tokens_, first);
      if (tokens_[first].text == "[") --first;
    }
    const std::size_t begin = tokens_[first].at;
    const std::size_t length = tokens_[next_of(tokens_, arrow, {";"})].at - begin;
    mutants_.push_back(
        {begin, length, "/* " + source_.substr(begin, length) + " */", tokens_[first].line});
  }

  // A sized literal with its last digit changed, a plain one plus one
  void number(std::size_t i) {
    std::string text(tokens_[i].text);
    if (text.find('\'') == std::string::npos)
      return replace(i, std::to_string(std::stoll(text) + 1));
    char& last = text.back();
    last = last == '0' ? '1' : last == '1' ? '0' : static_cast<char>(last - 1);
    replace(i, text);
  }

  const std::string& source_;
  Tokens tokens_;
  std::vector<Mutant> mutants_;
  int depth_ = 0;
  bool assigned_ = false;  // this statement has had its =
};

}  // namespace

std::vector<Mutant> mutants_of(const std::string& source) { return Mutator(source).run(); }

std::string mutate(const std::string& source, const Mutant& mutant) {
  std::string text = source;
  return text.replace(mutant.at, mutant.length, mutant.replacement);
}

std::string faulty_line(const std::string& source, const Mutant& mutant) {
  const std::string text = mutate(source, mutant);
  const std::size_t begin = mutant.at == 0 ? 0 : text.rfind('\n', mutant.at - 1) + 1;
  const std::string line = text.substr(begin, text.find('\n', mutant.at) - begin);
  const std::size_t indent = line.find_first_not_of(' ');
  return indent == std::string::npos ? "" : line.substr(indent);
}

}  // namespace mutation
