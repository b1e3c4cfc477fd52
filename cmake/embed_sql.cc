// Makes C++ of the statements in mod_calint/<room>/sql/<noun>/<statement>.sql, at build time:
//
//   embed_sql SOURCE_DIR OUTPUT_DIR FILE...
//
// writes <room>/sql/<noun>.h with a type for each statement, and embedded_statements.h with a list of all of them.
// How a statement is written stands in mod_calint/store/README.md. A file that breaks those rules ends the build with
// its name and line. A header whose text stays the same isn't written: what includes it isn't compiled again.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Problem {
  std::string where;  // path:line
  std::string what;
};

struct SqlType {
  std::string_view sql;  // as a cast names it
  std::string_view cc;   // in calint::postgres::parameter
};
constexpr SqlType kTypes[] = {
    {"text", "Text"},         {"bigint", "Integer"},     {"integer", "Integer"}, {"boolean", "Boolean"},
    {"bytea", "Bytes"},       {"timestamptz", "Moment"}, {"interval", "Span"},   {"jsonb", "Json"},
    {"text[]", "TextArray"},
};

struct Parameter {
  std::string name;
  std::string type;  // empty: no place has said it yet
};

struct StatementFile {
  std::string path;     // store/sql/connections/insert.sql
  std::string name;     // insert
  std::string comment;  // what stands on top, as // lines
  std::string sql;      // without comments, in one line, with $1, $2, ...
  std::vector<Parameter> parameters;
};

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool goes_on(char c) { return begins_word(c) || is_digit(c); }

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Problem{path.string(), "can't be read"};
  return {std::istreambuf_iterator<char>(file), {}};
}

// Goes through one file and what it includes, and writes the statement that it makes.
class Reader {
 public:
  explicit Reader(StatementFile& statement) : statement_(statement) {}

  void read_file(const fs::path& path, int depth = 0) {
    if (depth > 4) throw Problem{path.string(), "files include one another"};
    const std::string text = read(path);
    const std::pair<std::string, std::string_view> outer(path_, text_);
    const size_t outer_at = at_;
    path_ = path.string(), text_ = text, at_ = 0;
    while (at_ < text_.size()) step(depth);
    path_ = outer.first, text_ = outer.second, at_ = outer_at;
  }

  void finish() {
    std::string& sql = statement_.sql;
    while (!sql.empty() && is_space(sql.back())) sql.pop_back();
    if (sql.empty() || sql.back() != ';') throw Problem{statement_.path, "the statement doesn't end with a semicolon"};
    sql.pop_back();
    if (sql.empty()) throw Problem{statement_.path, "there is no statement"};
    for (Parameter& parameter : statement_.parameters)
      if (parameter.type.empty()) parameter.type = "text";
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    throw Problem{path_ + ":" + std::to_string(line), what};
  }

  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  bool begins_line() const {
    size_t before = at_;
    while (before > 0 && (text_[before - 1] == ' ' || text_[before - 1] == '\t')) --before;
    return before == 0 || text_[before - 1] == '\n';
  }

  void put(std::string_view text) {
    if (statement_.sql.ends_with(';')) fail("there is something behind the semicolon: one statement a file");
    if (gap_ && !statement_.sql.empty()) statement_.sql += ' ';
    gap_ = false;
    statement_.sql += text;
  }

  // Copies up to `end`.
  void copy_to(size_t end) {
    put(text_.substr(at_, end - at_));
    at_ = end;
  }

  void step(int depth) {
    const char c = peek();
    if (is_space(c)) {
      gap_ = true;
      ++at_;
    } else if (sees("--")) {
      gap_ = true;
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (sees("/*")) {
      skip_comment();
    } else if (c == '\\') {
      include(depth);
    } else if (c == '\'') {
      copy_quoted('\'', false);
    } else if (c == '"') {
      copy_quoted('"', false);
    } else if (c == '$') {
      dollar();
    } else if (begins_word(c)) {
      word();
    } else if (is_digit(c)) {
      size_t end = at_;
      while (end < text_.size() && (goes_on(text_[end]) || text_[end] == '.')) ++end;
      copy_to(end);
    } else if (sees("::") || sees(":=")) {
      copy_to(at_ + 2);
    } else if (c == ':' && begins_word(peek(1))) {
      parameter();
    } else {
      copy_to(at_ + 1);
    }
  }

  void skip_comment() {
    int open = 0;
    do {
      if (at_ >= text_.size()) fail("a comment doesn't end");
      if (sees("/*")) ++open, at_ += 2;
      else if (sees("*/")) --open, at_ += 2;
      else ++at_;
    } while (open > 0);
    gap_ = true;
  }

  // \ir, as psql has it: a file by its path from this one.
  void include(int depth) {
    if (!begins_line() || !sees("\\ir ")) fail("a backslash outside of quotes, and no line of \\ir FILE");
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    const fs::path file = fs::path(path_).parent_path() / text_.substr(at_ + 4, end - at_ - 4);
    at_ = end;
    gap_ = true;
    read_file(file.lexically_normal(), depth + 1);
    gap_ = true;
  }

  void copy_quoted(char quote, bool backslash_escapes) {
    size_t end = at_ + 1;
    for (;; ++end) {
      if (end >= text_.size()) fail("a quote doesn't end");
      if (backslash_escapes && text_[end] == '\\') ++end;
      else if (text_[end] == quote) break;  // a doubled one ends a piece and begins the next
    }
    copy_to(end + 1);
  }

  void dollar() {
    if (is_digit(peek(1))) fail("parameters have names, :name");
    size_t tag = at_ + 1;
    while (tag < text_.size() && goes_on(text_[tag])) ++tag;
    if (tag >= text_.size() || text_[tag] != '$') fail("a $ that begins no quote");
    const std::string_view quote = text_.substr(at_, tag + 1 - at_);
    const size_t end = text_.find(quote, tag + 1);
    if (end == std::string_view::npos) fail("a quote doesn't end");
    copy_to(end + quote.size());
  }

  void word() {
    size_t end = at_;
    while (end < text_.size() && (goes_on(text_[end]) || text_[end] == '$')) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    copy_to(end);
    if (peek() == '\'' && (word == "E" || word == "e")) copy_quoted('\'', true);
  }

  void parameter() {
    if (at_ > 0 && (goes_on(text_[at_ - 1]) || text_[at_ - 1] == '[' || text_[at_ - 1] == ')'))
      fail("a parameter behind a word or a bracket; the colon of an array's slice has a space behind it");
    size_t end = at_ + 1;
    while (end < text_.size() && goes_on(text_[end])) ++end;
    const std::string name(text_.substr(at_ + 1, end - at_ - 1));
    size_t type_end = end;
    if (text_.substr(end).starts_with("::")) {
      type_end = end + 2;
      while (type_end < text_.size() && goes_on(text_[type_end])) ++type_end;
      if (text_.substr(type_end).starts_with("[]")) type_end += 2;
    }
    const std::string type(type_end > end ? text_.substr(end + 2, type_end - end - 2) : "");
    if (!type.empty() && std::none_of(std::begin(kTypes), std::end(kTypes), [&](auto& t) { return t.sql == type; }))
      fail("no parameter can be " + type + ": see kTypes in cmake/embed_sql.cc");
    const size_t number = number_of(name, type);
    at_ = end;
    put("$" + std::to_string(number));
  }

  size_t number_of(const std::string& name, const std::string& type) {
    std::vector<Parameter>& all = statement_.parameters;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& one) { return one.name == name; });
    if (found == all.end()) {
      all.push_back({name, type});
      return all.size();
    }
    if (!type.empty() && !found->type.empty() && found->type != type)
      fail(":" + name + " is " + found->type + " in one place and " + type + " in another");
    if (found->type.empty()) found->type = type;
    return static_cast<size_t>(found - all.begin()) + 1;
  }

  StatementFile& statement_;
  std::string path_;
  std::string_view text_;
  size_t at_ = 0;
  bool gap_ = false;
};

// The lines of comment on top, which every statement has.
std::string comment_of(const fs::path& path) {
  std::ifstream file(path);
  std::string comment;
  for (std::string line; std::getline(file, line) && line.starts_with("--");) comment += "//" + line.substr(2) + "\n";
  if (comment.empty()) throw Problem{path.string() + ":1", "no comment on top says what the statement does"};
  return comment;
}

StatementFile statement_from(const fs::path& source, const fs::path& file) {
  StatementFile statement{.path = file.lexically_relative("mod_calint").string(), .name = file.stem().string()};
  statement.comment = comment_of(source / file);
  Reader reader(statement);
  reader.read_file(source / file);
  reader.finish();
  return statement;
}

std::string_view cc_type(const std::string& sql) {
  return std::find_if(std::begin(kTypes), std::end(kTypes), [&](auto& type) { return type.sql == sql; })->cc;
}

// An aggregate named after the file: a designated initializer for each parameter, then a postgres::Statement.
std::string code_of(const StatementFile& statement) {
  std::string types, fields, values;
  for (const Parameter& parameter : statement.parameters) {
    types += (types.empty() ? "" : ",") + parameter.type;
    fields += "  postgres::parameter::" + std::string(cc_type(parameter.type)) + " " + parameter.name + ";\n";
    values += (values.empty() ? "" : ", ") + ("std::move(" + parameter.name + ")");
  }
  return statement.comment + "// " + statement.path + "\nstruct " + statement.name +
         " {\n  static constexpr postgres::Sql kSql = R\"sql(" + statement.sql +
         ")sql\";\n  static constexpr std::string_view kTypes = \"" + types + "\";\n" + fields +
         "  operator postgres::Statement() && { return {kSql, postgres::parameter::list(" + values + ")}; }\n};\n\n";
}

void write(const fs::path& path, const std::string& text) {
  std::error_code none;
  if (fs::exists(path, none) && read(path) == text) return;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw Problem{path.string(), "can't be written"};
}

constexpr std::string_view kMade = "// Made by cmake/embed_sql.cc of the files that are named here.\n#pragma once\n\n";

void embed(const fs::path& source, const fs::path& output, const std::vector<fs::path>& files) {
  std::map<std::string, std::vector<StatementFile>> nouns;  // by store/sql/connections
  for (const fs::path& file : files) {
    StatementFile statement = statement_from(source, file);
    nouns[fs::path(statement.path).parent_path().string()].push_back(std::move(statement));
  }
  std::string includes, all;
  for (const auto& [noun, statements] : nouns) {
    const std::string space = "calint::" + noun.substr(0, noun.find('/')) + "::sql";
    std::string code;
    for (const StatementFile& statement : statements) {
      code += code_of(statement);
      const std::string type = space + "::" + statement.name;
      all += "    {\"" + statement.path + "\", " + type + "::kSql, " + type + "::kTypes},\n";
    }
    write(output / (noun + ".h"), std::string(kMade) + "#include \"postgres/parameter.h\"\n\nnamespace " + space +
                                      " {\n\n" + code + "}  // namespace " + space + "\n");
    includes += "#include \"" + noun + ".h\"\n";
  }
  write(output / "embedded_statements.h", std::string(kMade) + includes +
                                              "\nnamespace calint::embedded {\n\nstruct EmbeddedStatement {\n  "
                                              "std::string_view path;\n  postgres::Sql sql;\n"
                                              "  std::string_view types;  // of its parameters, by comma\n};\n"
                                              "inline constexpr EmbeddedStatement kStatements[] = {\n" +
                                              all + "};\n\n}  // namespace calint::embedded\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: embed_sql SOURCE_DIR OUTPUT_DIR FILE...\n";
    return 2;
  }
  try {
    embed(argv[1], argv[2], {argv + 3, argv + argc});
  } catch (const Problem& problem) {
    std::cerr << problem.where << ": " << problem.what << "\n";
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
