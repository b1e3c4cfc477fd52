// provider/google/errors: refusals of the Calendar API and answers to a revocation, fed with a whole HTTP answer.
#include "provider/google/errors.h"

#include "fuzz.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const HttpResponse answer = fuzz::answer_of(input);
  const HttpResponse other = fuzz::answer_of(fuzz::with_other_secret(input));

  const Error error = google::api_error(answer, fuzz::kNow);
  MUST(fuzz::fit_to_log(error));
  MUST(fuzz::same_words(error, google::api_error(other, fuzz::kNow)));
  // What our own code must have done is never said of a foreign text.
  MUST(error.fault != Fault::denied && error.fault != Fault::unauthenticated && error.fault != Fault::corrupt);
  MUST(answer.status < 500 || error.fault == Fault::unavailable);
  MUST(answer.status != 401 || error.fault == Fault::reconnect);

  const Status revoked = google::parse_revocation(answer, fuzz::kNow);
  MUST(!revoked || answer.status == 200 || answer.status == 400);
  if (!revoked) {
    MUST(fuzz::fit_to_log(revoked.error()));
    const Status again = google::parse_revocation(other, fuzz::kNow);
    MUST(!again && fuzz::same_words(revoked.error(), again.error()));
  }
  return 0;
}
