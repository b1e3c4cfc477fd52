// A visit of a person's browser.
#pragma once

#include <string>

#include "pages/renderer.h"
#include "pages/texts.h"
#include "runtime/call.h"
#include "runtime/exchange.h"

namespace calint::site {

// A call that a browser waits for. The request outlives it.
struct Visit : Call {
  const Request& request;
  const pages::Renderer& pages;  // in the language that the browser asks for

  std::string say(const pages::Text& text) const { return pages.language().say(text); }
  std::string name(ProviderId provider) const { return say(texts::provider::name{provider}); }
};

}  // namespace calint::site
