#include "oauth/authorize_url.h"

#include "support/check.h"

using namespace calint;
using namespace calint::oauth;

CALINT_TEST(parameters_follow_in_their_order) {
  CHECK_EQUAL(authorize_url("https://as.example/auth", {{"client_id", "c"}, {"a", "1"}, {"b", "2"}}),
              "https://as.example/auth?client_id=c&a=1&b=2");
}

CALINT_TEST(parameters_are_encoded_once) {
  CHECK_EQUAL(authorize_url("https://as.example/auth", {{"redirect_uri", "https://ats.example/a?b=c&d"}}),
              "https://as.example/auth?redirect_uri=https%3A%2F%2Fats.example%2Fa%3Fb%3Dc%26d");
}

CALINT_TEST(a_query_of_the_endpoint_stays) {
  CHECK_EQUAL(authorize_url("https://as.example/auth?p=policy", {{"a", "1"}}), "https://as.example/auth?p=policy&a=1");
  CHECK_EQUAL(authorize_url("https://as.example/auth?", {{"a", "1"}}), "https://as.example/auth?a=1");
  CHECK_EQUAL(authorize_url("https://as.example/auth?p=1&", {{"a", "1"}}), "https://as.example/auth?p=1&a=1");
}
