#include "net/answer.h"

#include "support/check.h"

using namespace calint;

CALINT_TEST(header_names_are_kept_in_lower_case_and_in_order) {
  Answer answer(100);
  for (const char* line : {"HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n", "X-Two:  b \t\r\n", "\r\n"})
    CHECK(answer.add_header_line(line));
  const HttpResponse response = answer.take(200);
  ck_assert_int_eq(response.headers.size(), 2);
  CHECK_EQUAL(response.headers[0].first, "content-type");
  CHECK_EQUAL(response.headers[1].first, "x-two");
  CHECK_EQUAL(response.headers[1].second, "b");
}

CALINT_TEST(an_interim_answer_leaves_no_headers) {
  Answer answer(100);
  for (const char* line : {"HTTP/1.1 103 Early Hints\r\n", "Link: </x>\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: b\r\n"})
    CHECK(answer.add_header_line(line));
  const HttpResponse response = answer.take(200);
  CHECK_EQUAL(response.header("link"), "");
  CHECK_EQUAL(response.header("a"), "b");
}

CALINT_TEST(a_body_may_be_as_long_as_allowed_and_no_longer) {
  Answer answer(8);
  CHECK(answer.add_body("1234"));
  CHECK(answer.add_body("5678"));
  CHECK(!answer.too_long());
  CHECK(!answer.add_body("9"));
  CHECK(answer.too_long());
  CHECK(!answer.add_body(""));
  ck_assert_int_eq(answer.body_size(), 0);
}

CALINT_TEST(all_headers_together_are_bounded) {
  Answer answer(8);
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  size_t lines = 0;
  while (lines < 1000 && answer.add_header_line(line)) ++lines;
  CHECK(answer.too_long());
  CHECK_EQUAL(lines, kMaxHeaderBytes / line.size());
}

CALINT_TEST(a_body_of_many_pieces_comes_out_whole) {
  Answer answer(1 << 20);
  std::string expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string piece = std::to_string(i) + ",";
    CHECK(answer.add_body(piece));
    expected += piece;
  }
  CHECK(answer.take(200).body.equals(expected));
}
