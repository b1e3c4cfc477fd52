// A calendar's listing and objects over CalDAV, fed piece by piece with what a server answers: the first byte says how
// long a piece is.
#include <algorithm>

#include "calendar/series_text.h"
#include "fuzz.h"
#include "provider/caldav/listing.h"
#include "provider/caldav/objects.h"
#include "provider/caldav/position.h"

using namespace calint;

namespace {

const std::string kPath = "/1/calendars/team";

// Whether it is whole; everything that it has is handed to `take`.
bool read(std::string_view answer, size_t piece, const std::function<void(dav::Response response)>& take) {
  dav::MultistatusStream stream(take);
  for (; !answer.empty(); answer.remove_prefix(std::min(piece, answer.size())))
    if (!stream.feed(answer.substr(0, piece))) break;
  auto token = stream.finish();
  if (!token) MUST(fuzz::fit_to_log(token.error()));
  return token.ok();
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  static_cast<void>(caldav::parse_position(input));
  if (input.empty()) return 0;
  const size_t piece = 1 + static_cast<unsigned char>(input.front());
  input.remove_prefix(1);

  caldav::Listing listing(kPath);
  const bool is_whole = read(input, piece, [&](const dav::Response& one) { listing.take(one); });
  for (const provider::NamedSeries& one : listing.named) MUST(!one.series.empty() && one.version.size() <= 512);

  const std::vector<provider::NamedSeries> wanted = {{.series = "a.ics", .text = "a.ics"}, {.series = "b", .text = "b"}};
  const calendar::Accounts accounts = {"ivy@work.test"};
  caldav::Objects objects(wanted, kPath, accounts);
  // However it is cut, it says the same.
  MUST(read(input, input.size() + 1, [&](const dav::Response& one) { objects.take(one); }) == is_whole);
  const provider::Fetched fetched = objects.finish();
  MUST(fetched.items.size() + fetched.owed.size() == wanted.size());
  for (const provider::ChangedItem& item : fetched.items) {
    auto merged = caldav::merge_objects({item.text});
    MUST(merged.ok() && merged->changed.size() + merged->gone.size() + merged->unread.size() == 1);
    for (const calendar::Series& one : merged->changed) MUST(one.key == item.series);
    for (const std::string& one : merged->gone) MUST(one == item.series);
    for (const std::string& one : merged->unread) MUST(one == item.series);
  }
  return 0;
}
