// The stylesheet and the pictures that pages show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calint::pages {

struct StaticFile {
  std::string_view bytes;
  std::string_view content_type;  // with a charset
};

// Of a name in the source tree, such as "calint.css"; nullopt where there is none.
std::optional<StaticFile> static_file(std::string_view name);

// Where a page finds the file: "/calendar/static/calint-0123456789abcdef.css". The address has a hash of the bytes, so
// that what it leads to never changes. Empty where there is no such file.
std::string static_url(std::string_view name);

// What an address behind kStaticPath leads to. A name with another hash is of another version of this program, as while
// the nodes of a site are upgraded one by one: it leads to the file as it is here, which isn't what the address stands
// for.
struct NamedFile {
  StaticFile file;
  bool as_named = false;
};
std::optional<NamedFile> file_at(std::string_view hashed_name);

}  // namespace calint::pages
