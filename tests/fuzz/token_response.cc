// oauth/token_response, fed with a whole HTTP answer.
#include "oauth/token_response.h"

#include <algorithm>

#include "fuzz.h"

using namespace calint;

namespace {

bool is_token(const Secret& token) {
  const std::string_view text = token.reveal();
  return !text.empty() && text.size() <= 16384 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_scope(const std::string& scope) {
  return !scope.empty() && scope.find_first_of(" \t\r\n") == std::string::npos;
}

void check_tokens(const oauth::Tokens& tokens) {
  MUST(is_token(tokens.access_token));
  MUST(!tokens.refresh_token || is_token(*tokens.refresh_token));
  MUST(tokens.id_token.empty() || is_token(tokens.id_token));
  MUST(tokens.expires_at > fuzz::kNow && tokens.expires_at <= fuzz::kNow + std::chrono::hours(30 * 24));
  MUST(std::all_of(tokens.scopes.begin(), tokens.scopes.end(), is_scope));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const HttpResponse answer = fuzz::answer_of(input);
  const auto tokens = oauth::parse_token_response(answer, fuzz::kNow);
  if (tokens) {
    MUST(answer.status == 200);
    check_tokens(*tokens);
    return 0;
  }
  MUST(fuzz::fit_to_log(tokens.error()));
  MUST(answer.status == 200 || tokens.error().fault != Fault::corrupt);
  const auto other = oauth::parse_token_response(fuzz::answer_of(fuzz::with_other_secret(input)), fuzz::kNow);
  MUST(!other && fuzz::same_words(tokens.error(), other.error()));
  return 0;
}
