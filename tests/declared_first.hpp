// Finds names that Verilog text uses before it declares them. Verilator, Icarus and Yosys resolve a
// name anywhere in its module and stay silent; other tools do not.
#pragma once

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace declared_first {

struct Token {
  std::string text;
  int line = 0;
  int scope = 0;
  bool declares = false;
  bool member = false;  ///< stands behind a dot: a port, or a name in another scope
};

/// Identifiers, keywords and single signs, without comments, strings, directives and numbers.
inline std::vector<Token> tokens_of(const std::string& text) {
  std::vector<Token> tokens;
  int line = 1;
  const auto skip_to = [&](std::size_t& i, const std::string& end) {
    const std::size_t stop = std::min(text.find(end, i), text.size());
    for (; i < stop; ++i) line += text[i] == '\n';
  };
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.compare(i, 2, "//") == 0) skip_to(i, "\n");
    if (c == '"') skip_to(++i, "\"");
    if (c == '\\') {  // an escaped name
      const std::size_t stop = std::min(text.find_first_of(" \t\n", i), text.size());
      tokens.push_back({"_" + text.substr(i, stop - i), line});
      i = stop - 1;
      continue;
    }
    if (i < text.size() && text[i] == '\n') ++line;
    if (i >= text.size() || !is_word(text[i])) {
      if (i < text.size() && std::ispunct(static_cast<unsigned char>(text[i])) != 0 && c != '"')
        tokens.push_back({std::string(1, text[i]), line});
      continue;
    }
    const std::size_t first = i;
    while (i + 1 < text.size() && is_word(text[i + 1])) ++i;
    const char before = first > 0 ? text[first - 1] : ' ';
    if (before == '`' || before == '\'' || std::isdigit(static_cast<unsigned char>(text[first])))
      continue;
    tokens.push_back({text.substr(first, i - first + 1), line, 0, false, before == '.'});
  }
  return tokens;
}

/// Gives every token its scope, and returns the parent of each scope (scope 0 has none: -1).
inline std::vector<int> nest(std::vector<Token>& tokens) {
  static const std::set<std::string> opens{"begin", "module", "function", "task"};
  static const std::set<std::string> closes{"end", "endmodule", "endfunction", "endtask"};
  std::vector<int> parent{-1};
  int scope = 0;
  for (Token& token : tokens) {
    if (!token.member && opens.contains(token.text)) {
      parent.push_back(scope);
      scope = static_cast<int>(parent.size()) - 1;
    }
    token.scope = scope;
    if (!token.member && closes.contains(token.text))
      scope = parent[static_cast<std::size_t>(scope)];
  }
  return parent;
}

inline bool is_name(const Token& token) {
  return std::isalpha(static_cast<unsigned char>(token.text[0])) != 0 || token.text[0] == '_';
}

/// Marks the names that follow `wire`, `reg` and the like: those outside brackets that start an
/// item.
inline void mark_declarations(std::vector<Token>& tokens) {
  static const std::set<std::string> kinds{"wire",  "reg",    "integer", "int",        "genvar",
                                           "input", "output", "inout",   "localparam", "parameter"};
  static const std::set<std::string> qualifiers{"wire", "reg", "signed", "integer"};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!kinds.contains(tokens[i].text)) continue;
    int depth = 0;
    bool item = true;  // a name may come: none has since the kind or a comma
    for (std::size_t k = i + 1; k < tokens.size(); ++k) {
      const std::string& text = tokens[k].text;
      if (text == "(" || text == "[" || text == "{") ++depth;
      if (text == ")" || text == "]" || text == "}") --depth;
      if (depth < 0 || text == ";" ||
          (depth == 0 && kinds.contains(text) && !qualifiers.contains(text)))
        break;
      if (depth > 0) continue;
      if (text == ",") item = true;
      if (!item || !is_name(tokens[k]) || qualifiers.contains(text)) continue;
      tokens[k].declares = true;
      item = false;
    }
  }
}

/// "line 7: half": the names used above their declaration, in a scope that the declaration covers.
inline std::vector<std::string> faults(const std::string& text) {
  std::vector<Token> tokens = tokens_of(text);
  const std::vector<int> parent = nest(tokens);
  mark_declarations(tokens);
  std::map<std::pair<std::string, int>, std::size_t> declared;  // name and scope: the first one
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i].declares) declared.emplace(std::pair(tokens[i].text, tokens[i].scope), i);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].declares || tokens[i].member || !is_name(tokens[i])) continue;
    for (int scope = tokens[i].scope; scope >= 0; scope = parent[static_cast<std::size_t>(scope)]) {
      const auto at = declared.find({tokens[i].text, scope});
      if (at == declared.end()) continue;
      if (at->second > i)
        found.push_back("line " + std::to_string(tokens[i].line) + ": " + tokens[i].text);
      break;
    }
  }
  return found;
}

}  // namespace declared_first
