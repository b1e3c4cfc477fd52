// How long the form of a POST may be.
#pragma once

#include <string_view>

#include "base/form.h"
#include "base/paths.h"

namespace calint::site {

struct FormLimits {
  size_t fields = kMostFields;
  size_t bytes = kLongestForm;
};

// The settings page sends the ids of the calendars that are ticked: as many as are taken of an account, of 200 bytes
// each, each of which may take three as an escape. Any other form is short.
inline FormLimits form_limits(std::string_view path) {
  if (path == kSettingsPath) return {.fields = 2048, .bytes = 1280 * 1024};
  return {};
}

}  // namespace calint::site
