// The values of the settings page while it is rendered. Private to the room.
#pragma once

#include <functional>
#include <utility>

#include "pages/page_data.h"

namespace calint::pages {

// In the tree of data_of(page), `calendars` has a mere mark for each calendar; its values are made when its turn comes
// and given up after it. As a tree a thousand calendars take some 7 MB, this way one of them at a time. `page` and
// `values` outlive it.
class CalendarContext final : public kainjow::mustache::context<std::string> {
 public:
  CalendarContext(const SettingsPage& page, const kainjow::mustache::data& values) : page_(page) {
    if (page.connected) marks_ = &values.get("connected")->get("calendars")->list_value();
    push(&values);
  }

  void push(const kainjow::mustache::data* item) override {
    if (const size_t number = number_of(item); number < size())
      item = &(calendar_ = data_of(page_.connected->calendars[number]));
    context::push(item);
  }

 private:
  size_t size() const { return marks_ == nullptr ? 0 : marks_->size(); }

  // Of a calendar by its mark; size() for what is no mark.
  size_t number_of(const kainjow::mustache::data* item) const {
    const std::less<> before;
    if (size() == 0 || before(item, marks_->data()) || !before(item, marks_->data() + size())) return size();
    return static_cast<size_t>(item - marks_->data());
  }

  const SettingsPage& page_;
  const kainjow::mustache::list* marks_ = nullptr;
  kainjow::mustache::data calendar_;
};

}  // namespace calint::pages
