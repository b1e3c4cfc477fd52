#include "pages/renderer.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "pages/calendar_context.h"
#include "pages/languages.h"
#include "pages/page_data.h"
#include "pages/template_source.h"

namespace calint::pages {
namespace {

using kainjow::mustache::mustache;

// What a template is rendered into. Far fewer copies than a string stream.
struct Html {
  std::string text;
};
Html& operator<<(Html& html, const std::string& piece) {
  html.text += piece;
  return html;
}

// Bytes of markup about one calendar, to make room at once. Room that isn't used costs nothing.
constexpr size_t kCalendarMarkup = 1024;

// Values arrive escaped (page_data.h).
std::string as_it_is(const std::string& text) { return text; }

// A compiled template that any number of threads may render at once.
class Template {
 public:
  static Result<Template> load(const std::string& template_dir, const Language& language, std::string_view name) {
    auto text = load_template(template_dir, language, name);
    if (!text) return text.error();
    return Template(*text);
  }

  // Renders a copy, as mustache::render() isn't const: that costs some 13 us, parsing anew 130 us.
  std::string render(const kainjow::mustache::data& values) const { return mustache(compiled_).render(values); }
  void render(CalendarContext& values, Html& html) const { mustache(compiled_).render(values, html); }

 private:
  explicit Template(const std::string& text) : compiled_(text) { compiled_.set_custom_escape(as_it_is); }

  mustache compiled_;
};

struct Templates {
  Template settings, disconnect, switch_question, credentials, organization, message;
};

class MustacheRenderer final : public Renderer {
 public:
  MustacheRenderer(Language language, Templates templates)
      : language_(std::move(language)), templates_(std::move(templates)) {}

  const Language& language() const override { return language_; }

  std::string settings(const SettingsPage& page) const override {
    Html html;
    if (page.connected) html.text.reserve(page.connected->calendars.size() * kCalendarMarkup);
    const kainjow::mustache::data values = data_of(language_, page);
    CalendarContext context(page, values);
    templates_.settings.render(context, html);
    return std::move(html.text);
  }
  std::string disconnect(const DisconnectPage& page) const override { return show(templates_.disconnect, page); }
  std::string switch_question(const SwitchPage& page) const override { return show(templates_.switch_question, page); }
  std::string credentials(const CredentialsPage& page) const override { return show(templates_.credentials, page); }
  std::string organization(const OrganizationPage& page) const override { return show(templates_.organization, page); }
  std::string message(const MessagePage& page) const override { return show(templates_.message, page); }

 private:
  template <typename Page>
  std::string show(const Template& to_fill, const Page& page) const {
    return to_fill.render(data_of(language_, page));
  }

  Language language_;
  Templates templates_;
};

Result<std::unique_ptr<const Renderer>> make_renderer(const std::string& template_dir, Language language) {
  auto settings = Template::load(template_dir, language, "settings");
  if (!settings) return settings.error();
  auto disconnect = Template::load(template_dir, language, "disconnect");
  if (!disconnect) return disconnect.error();
  auto switch_question = Template::load(template_dir, language, "switch");
  if (!switch_question) return switch_question.error();
  auto credentials = Template::load(template_dir, language, "credentials");
  if (!credentials) return credentials.error();
  auto organization = Template::load(template_dir, language, "organization");
  if (!organization) return organization.error();
  auto message = Template::load(template_dir, language, "message");
  if (!message) return message.error();
  return std::unique_ptr<const Renderer>(std::make_unique<MustacheRenderer>(
      std::move(language), Templates{.settings = std::move(*settings),
                                     .disconnect = std::move(*disconnect),
                                     .switch_question = std::move(*switch_question),
                                     .credentials = std::move(*credentials),
                                     .organization = std::move(*organization),
                                     .message = std::move(*message)}));
}

}  // namespace

struct Pages::Languages {
  LanguageChoice choice;
  std::vector<std::unique_ptr<const Renderer>> renderers;  // in the order of the languages
};

Pages::Pages(std::unique_ptr<const Languages> languages) : languages_(std::move(languages)) {}
Pages::~Pages() = default;

Result<std::unique_ptr<Pages>> Pages::make(const std::string& template_dir) {
  auto languages = load_languages(template_dir);
  if (!languages) return std::move(languages).error();
  auto all = std::make_unique<Languages>(Languages{LanguageChoice(*languages), {}});
  for (Language& language : *languages) {
    auto renderer = make_renderer(template_dir, std::move(language));
    if (!renderer) return std::move(renderer).error();
    all->renderers.push_back(std::move(*renderer));
  }
  return std::unique_ptr<Pages>(new Pages(std::move(all)));
}

std::string plain_page(const Language& language, const Text& title, const Text& text) {
  const std::string heading = kainjow::mustache::html_escape(language.say(title));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\"><head><title>{}</title></head><body><main><h1>{}</h1><p>{}</p>"
      "</main></body></html>\n",
      language.tag(), language.direction(), heading, heading, kainjow::mustache::html_escape(language.say(text)));
}

const Renderer& Pages::in(const std::string& accept_language) const {
  return *languages_->renderers[languages_->choice.best(accept_language)];
}

}  // namespace calint::pages
