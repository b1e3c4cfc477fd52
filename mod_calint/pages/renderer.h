// Turns the pages' view models into HTML. Pure: no database, no clock.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "pages/language.h"
#include "pages/pages.h"

namespace calint::pages {

// The pages in one language. Immutable; safe from any thread. All values are HTML-escaped before a template sees them.
class Renderer {
 public:
  virtual ~Renderer() = default;

  // For what a page says and no template does.
  virtual const Language& language() const = 0;

  virtual std::string settings(const SettingsPage& page) const = 0;
  virtual std::string disconnect(const DisconnectPage& page) const = 0;
  virtual std::string switch_question(const SwitchPage& page) const = 0;
  virtual std::string credentials(const CredentialsPage& page) const = 0;
  virtual std::string organization(const OrganizationPage& page) const = 0;
  virtual std::string message(const MessagePage& page) const = 0;
};

// The pages in every language that there is. Immutable after make(); safe from any thread.
class Pages {
 public:
  // The shipped templates and texts. In `template_dir`, a file <name>.mustache replaces the template of its name, and
  // texts/<language>.json replaces the texts that it has; what a language lacks is said in English. An empty
  // `template_dir` replaces nothing. bad_input, naming file and reason, where the directory or a replacement can't be
  // read or parsed.
  static Result<std::unique_ptr<Pages>> make(const std::string& template_dir);

  ~Pages();

  // In the language that suits best the Accept-Language of a request (RFC 9110, section 12.5.4), which may be anything;
  // in English where none does.
  const Renderer& in(const std::string& accept_language) const;

 private:
  struct Languages;
  explicit Pages(std::unique_ptr<const Languages> languages);

  std::unique_ptr<const Languages> languages_;
};

// A page that needs neither templates nor what they show.
std::string plain_page(const Language& language, const Text& title, const Text& text);

}  // namespace calint::pages
