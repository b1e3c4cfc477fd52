// A CalDAV server that keeps objects, as RFC 4791 and iCloud do it, and gets things wrong as servers do.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/transport.h"

namespace calint::test {

inline HttpResponse plain(int status) { return {.status = status}; }

// Of one account. One thread at a time.
class CalDavServer final : public Transport {
 public:
  struct Object {
    std::string text;
    int version = 1;
  };
  std::map<std::string, Object> objects;        // by path
  std::vector<std::string> asked;               // "PUT /path"
  std::map<std::string, HttpResponse> instead;  // of the next request of a method
  std::function<void(const HttpRequest&)> before = [](const HttpRequest&) {};
  bool loses_answers = false;  // of PUTs, after their effect
  bool names_etags = true;     // with a GET
  bool filters_uids = true;
  std::pair<std::string, std::string> moved;    // what is asked below the first path is redirected below the second
  std::string moves_methods = "GET PUT DELETE REPORT";  // those that are
  std::string and_in_reports;  // a response that each report ends with
  HttpResponse uid_conflict = plain(412);

  Result<HttpResponse> send(const HttpRequest& request, Deadline) override;

 private:
  HttpResponse get(const std::string& path) const;
  Result<HttpResponse> put(const HttpRequest& request, const std::string& path);
  HttpResponse remove(const HttpRequest& request, const std::string& path);
  HttpResponse report(const HttpRequest& request, const std::string& calendar) const;
};

}  // namespace calint::test
