// One HTTP exchange with a browser or an ATS, as the use cases see it: plain values, no httpd.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "pages/renderer.h"
#include "pages/texts.h"
#include "runtime/call.h"
#include "store/users.h"

namespace calint::site {

// Copied once out of request_rec. Everything in it is foreign until parsed.
struct Request {
  std::string method;                       // GET, HEAD, POST
  std::string path;                         // decoded, as httpd matched it
  Secret query;                             // raw, without '?'; the callback's holds a code
  Secret body;                              // raw form, no longer than form_limits() allows
  std::string content_type;                 // as sent
  std::optional<store::Login> login;        // by CalIntIdentity and CalIntOrganization; nullopt: nobody is signed in
  // The session's binding (base64url of 256 bits), made and saved before the handler runs where it wasn't
  // there; nullopt where httpd has no session for this URL or can't load it.
  std::optional<Secret> binding;
  std::string remote_ip;                    // after mod_remoteip
  std::string user_agent;
  std::string accept_language;
  std::string origin;                       // request headers, "" where not sent
  std::string sec_fetch_site;
  std::string request_id;                   // for support: stands in the page and in this request's log lines
};

// Copied once into the pool. A body always comes with a content type; without a Cache-Control no cache may keep it.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
};

// A call that a browser or an ATS waits for. The request outlives it.
struct Visit : Call {
  const Request& request;
  const pages::Renderer& pages;  // in the language that the browser asks for

  std::string say(const pages::Text& text) const { return pages.language().say(text); }
  std::string name(ProviderId provider) const { return say(texts::provider::name{provider}); }
};

}  // namespace calint::site
