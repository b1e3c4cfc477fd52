// One HTTP exchange with a browser or an ATS, as the doors see it: plain values, no httpd.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "store/users.h"

namespace calint {

// Copied once out of request_rec. Everything in it is foreign until parsed.
struct Request {
  std::string method;                       // as sent
  std::string path;                         // decoded, as httpd matched it
  Secret query;                             // raw, without '?'; the callback's holds a code
  Secret body;                              // raw, no longer than its door allows
  std::string content_type;                 // as sent
  std::optional<store::Login> login;        // by CalIntIdentity and CalIntOrganization; nullopt: nobody is signed in
  // The session's binding (base64url of 256 bits), made and saved before the handler runs where it wasn't
  // there; nullopt where httpd has no session for this URL or can't load it.
  std::optional<Secret> binding;
  std::string remote_ip;                    // after mod_remoteip
  std::string user_agent;
  std::string accept;                       // request headers, "" where not sent
  std::string accept_language;
  std::string origin;
  std::string sec_fetch_site;
  std::string csrf_token;                   // X-CSRF-Token
  std::string if_match;
  std::string if_none_match;
  std::optional<Secret> bearer;             // what came as "Authorization: Bearer"
  std::string request_id;                   // for support: stands in the page and in this request's log lines
};

// Copied once into the pool. A body always comes with a content type; without a Cache-Control no cache may keep it.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
};

}  // namespace calint
