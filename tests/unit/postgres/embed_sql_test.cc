// The build step that makes C++ of SQL files: what it takes for a parameter, and which files it refuses.
#include <stdlib.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/check.h"

namespace {

namespace fs = std::filesystem;

// A source tree of one statement and one fragment, and what the step says of it.
class Tree {
 public:
  explicit Tree(const std::string& statement) {
    char name[] = "/tmp/calint-embed-sql-XXXXXX";
    ck_assert(::mkdtemp(name) != nullptr);
    folder_ = name;
    write("mod_calint/store/sql/things/do_it.sql", statement);
    write("mod_calint/store/sql/fragments/names.sql", "-- Names.\nfirst,\nlast\n");
    const std::string command = std::string(CALINT_EMBED_SQL) + " " + name + " " + name +
                                "/out mod_calint/store/sql/things/do_it.sql 2>" + name + "/errors";
    const int status = std::system(command.c_str());
    taken_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  ~Tree() { fs::remove_all(folder_); }

  bool taken() const { return taken_; }
  std::string errors() const { return read("errors"); }
  // The statement that goes to the server.
  std::string sql() const {
    const std::string header = read("out/store/sql/things.h");
    const size_t begin = header.find("R\"sql(") + 6;
    return header.substr(begin, header.find(")sql\"") - begin);
  }
  std::string types() const {
    const std::string header = read("out/store/sql/things.h");
    const size_t begin = header.find("kTypes = \"") + 10;
    return header.substr(begin, header.find('"', begin) - begin);
  }

 private:
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  std::string read(const std::string& path) const {
    std::ifstream file(folder_ / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
  bool taken_ = false;
};

void check_refused(const std::string& statement, const std::string& why) {
  const Tree tree(statement);
  CHECK(!tree.taken());
  ck_assert_msg(tree.errors().find(why) != std::string::npos, "'%s' isn't in: %s", why.c_str(), tree.errors().c_str());
}

}  // namespace

CALINT_TEST(a_parameter_is_numbered_by_its_first_place_and_has_the_type_of_its_cast) {
  const Tree tree("-- Does.\nSELECT :b, :a::bigint\n  FROM t WHERE b = :b AND c = :c::text[] AND a = :a;\n");
  CHECK(tree.taken());
  CHECK_EQUAL(tree.sql(), "SELECT $1, $2::bigint FROM t WHERE b = $1 AND c = $3::text[] AND a = $2");
  CHECK_EQUAL(tree.types(), "text,bigint,text[]");
}

CALINT_TEST(casts_quotes_and_comments_hold_no_parameters) {
  const Tree tree(
      "-- Does :nothing.\n"
      "SELECT a::text, ':no', E'\\':no', 'it''s :no', \":no\", $$:no$$, $x$ :no $x$, t[1 : 2], t[: n] -- :no; $1\n"
      "/* :no /* :no */ ; */ FROM t WHERE a = ';';\n");
  CHECK(tree.taken());
  CHECK_EQUAL(tree.sql(),
              "SELECT a::text, ':no', E'\\':no', 'it''s :no', \":no\", $$:no$$, $x$ :no $x$, t[1 : 2], t[: n]"
              " FROM t WHERE a = ';'");
  CHECK_EQUAL(tree.types(), "");
}

CALINT_TEST(a_file_is_included_where_a_line_says_so) {
  const Tree tree("-- Does.\nSELECT\n  \\ir ../fragments/names.sql\nFROM people\nWHERE id = :id;\n");
  CHECK(tree.taken());
  CHECK_EQUAL(tree.sql(), "SELECT first, last FROM people WHERE id = $1");
}

CALINT_TEST(what_breaks_the_rules_ends_the_build_with_its_line) {
  check_refused("SELECT 1;\n", "do_it.sql:1: no comment on top");
  check_refused("-- Does.\nSELECT 1;\nSELECT 2;\n", "do_it.sql:3: there is something behind the semicolon");
  check_refused("-- Does.\nSELECT 1\n", "doesn't end with a semicolon");
  check_refused("-- Does.\nSELECT\n  $1;\n", "do_it.sql:3: parameters have names");
  check_refused("-- Does.\nSELECT :a::bigint, :a::text;\n", ":a is bigint in one place and text in another");
  check_refused("-- Does.\nSELECT :a::polygon;\n", "no parameter can be polygon");
  check_refused("-- Does.\nSELECT t[:n];\n", "a parameter behind a word or a bracket");
  check_refused("-- Does.\nSELECT 'a;\n", "a quote doesn't end");
  check_refused("-- Does.\n\\ir ../fragments/none.sql\n;\n", "none.sql: can't be read");
}
