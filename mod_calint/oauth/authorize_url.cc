#include "oauth/authorize_url.h"

namespace calint::oauth {

std::string authorize_url(std::string_view endpoint, const std::vector<FormField>& parameters) {
  std::string url(endpoint);
  const bool has_query = endpoint.find('?') != std::string_view::npos;
  url += !has_query ? "?" : endpoint.ends_with('?') || endpoint.ends_with('&') ? "" : "&";
  return url + form_encode(parameters);
}

}  // namespace calint::oauth
