#include <kainjow/mustache.hpp>

#include "pages/calendar_context.h"
#include "pages/page_data.h"
#include "pages/pages.h"
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
  static Result<Template> load(const std::string& template_dir, std::string_view name) {
    auto text = load_template(template_dir, name);
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

class MustacheRenderer final : public Renderer {
 public:
  MustacheRenderer(Template settings, Template disconnect, Template switch_question, Template credentials,
                   Template organization, Template message)
      : settings_(std::move(settings)),
        disconnect_(std::move(disconnect)),
        switch_(std::move(switch_question)),
        credentials_(std::move(credentials)),
        organization_(std::move(organization)),
        message_(std::move(message)) {}

  std::string settings(const SettingsPage& page) const override {
    Html html;
    if (page.connected) html.text.reserve(page.connected->calendars.size() * kCalendarMarkup);
    const kainjow::mustache::data values = data_of(page);
    CalendarContext context(page, values);
    settings_.render(context, html);
    return std::move(html.text);
  }
  std::string disconnect(const DisconnectPage& page) const override { return disconnect_.render(data_of(page)); }
  std::string switch_question(const SwitchPage& page) const override { return switch_.render(data_of(page)); }
  std::string credentials(const CredentialsPage& page) const override { return credentials_.render(data_of(page)); }
  std::string organization(const OrganizationPage& page) const override { return organization_.render(data_of(page)); }
  std::string message(const MessagePage& page) const override { return message_.render(data_of(page)); }

 private:
  Template settings_, disconnect_, switch_, credentials_, organization_, message_;
};

}  // namespace

Result<std::unique_ptr<Renderer>> Renderer::make(const std::string& template_dir) {
  auto settings = Template::load(template_dir, "settings");
  if (!settings) return settings.error();
  auto disconnect = Template::load(template_dir, "disconnect");
  if (!disconnect) return disconnect.error();
  auto switch_question = Template::load(template_dir, "switch");
  if (!switch_question) return switch_question.error();
  auto credentials = Template::load(template_dir, "credentials");
  if (!credentials) return credentials.error();
  auto organization = Template::load(template_dir, "organization");
  if (!organization) return organization.error();
  auto message = Template::load(template_dir, "message");
  if (!message) return message.error();
  return std::unique_ptr<Renderer>(std::make_unique<MustacheRenderer>(
      std::move(*settings), std::move(*disconnect), std::move(*switch_question), std::move(*credentials),
      std::move(*organization), std::move(*message)));
}

}  // namespace calint::pages
