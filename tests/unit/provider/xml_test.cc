#include "provider/caldav/xml.h"

#include <libxml/xmlerror.h>

#include <thread>

#include "caldav.h"
#include "support/check.h"

using namespace calint;

namespace {

void check_refused(const std::string& document, std::string_view says) {
  auto root = xml::parse(document);
  CHECK_FAULT(root, Fault::corrupt);
  ck_assert_msg(root.error().what.find(says) != std::string::npos, "%s", root.error().what.c_str());
}

std::string nested(size_t depth) {
  std::string document;
  for (size_t i = 0; i < depth; ++i) document += "<a>";
  for (size_t i = 0; i < depth; ++i) document += "</a>";
  return document;
}

}  // namespace

CALINT_TEST(names_have_their_namespace_whatever_the_prefix) {
  for (const char* document : {R"(<multistatus xmlns="DAV:"><response/></multistatus>)",
                               R"(<d:multistatus xmlns:d="DAV:"><d:response/></d:multistatus>)",
                               R"(<ns0:multistatus xmlns:ns0="DAV:"><x:response xmlns:x="DAV:"/></ns0:multistatus>)"}) {
    auto root = xml::parse(document);
    CHECK_OK(root);
    CHECK_EQUAL(root->name, "{DAV:}multistatus");
    CHECK(root->child("{DAV:}response") != nullptr);
    CHECK(root->child("{}response") == nullptr && root->child("response") == nullptr);
  }
  CHECK_EQUAL(xml::parse("<a/>")->name, "{}a");
}

CALINT_TEST(text_is_read_as_it_was_meant) {
  auto root =
      xml::parse("\xef\xbb\xbf<?xml version='1.0'?><a>1 &lt; 2<b/> &amp;<![CDATA[ <x> & ]]>&#13;&#x41;\xc3\xa4</a>");
  CHECK_OK(root);
  CHECK_EQUAL(root->text, "1 < 2 & <x> & \rA\xc3\xa4");
}

CALINT_TEST(attributes_are_read_where_they_have_no_namespace) {
  auto root = xml::parse(R"(<c:comp xmlns:c="x" name="VE&lt;V&#x45;NT" c:name="other" empty=""/>)");
  CHECK_OK(root);
  CHECK_EQUAL(root->attribute("name"), "VE<VENT");
  CHECK_EQUAL(root->attribute("empty"), "");
  CHECK_EQUAL(root->attributes.size(), 2);
}

CALINT_TEST(a_doctype_is_refused_before_anything_is_expanded) {
  check_refused(test::caldav_text("hostile-entities.xml"), "DOCTYPE");
  check_refused("<!DOCTYPE a><a/>", "DOCTYPE");
  check_refused(R"(<!DOCTYPE a SYSTEM "http://attacker.example/a.dtd"><a/>)", "DOCTYPE");
  std::string laughs = "<!DOCTYPE a [<!ENTITY e0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    laughs += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) laughs += "&e" + std::to_string(i - 1) + ";";
    laughs += "\">";
  }
  check_refused(laughs + "]><a>&e29;</a>", "DOCTYPE");
  check_refused("<a>&undeclared;</a>", "well formed");
}

// They only look like one.
CALINT_TEST(a_doctype_in_a_comment_or_in_text_is_none) {
  CHECK_OK(xml::parse("<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>"));
}

CALINT_TEST(what_is_not_one_well_formed_document_is_refused) {
  for (const char* document :
       {"", " ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>text", "<d:a/>", "<a b=1/>", "<a b='1' b='2'/>",
        "<a>&#0</a>", "<a>&#x110000</a>", "{\"a\":1}", "<html><body><p>captive<br></body></html>"})
    check_refused(document, "well formed");
  check_refused(std::string("<a>\0</a>", 8), "well formed");
}

CALINT_TEST(one_bad_character_loses_no_other) {
  const std::pair<const char*, const char*> cases[] = {
      {"a\xff" "b", "a\uFFFDb"},      {"a\x01" "b", "ab"},           {"a&#0;b", "a\uFFFDb"},
      {"a&#x1F;b", "a\uFFFDb"},       {"a&#xD83C;b", "a\uFFFDb"},    {"a&#55356;&amp;\n\tb", "a\uFFFD&\n\tb"},
      {"a&#xFFFE;b", "a\uFFFDb"},     {"a&#x110000;b", "a\uFFFDb"},  {"\xed\xa0\xbc", "\uFFFD\uFFFD\uFFFD"},
  };
  for (const auto& [text, read] : cases) {
    auto root = xml::parse(std::string("<a\n b='1'><n>") + text + "</n><n>Work</n></a>");
    CHECK_OK(root);
    CHECK_EQUAL(root->children.size(), 2);
    CHECK_EQUAL(root->children[0].text, read);
    CHECK_EQUAL(root->children[1].text, "Work");
    CHECK_EQUAL(root->attribute("b"), "1");
  }
}

CALINT_TEST(other_encodings_are_no_xml_or_lose_what_is_not_ascii) {
  check_refused(std::string("\xff\xfe<\0a\0/\0>\0", 10), "well formed");
  check_refused(std::string("<\0a\0/\0>\0", 8), "well formed");
  CHECK_EQUAL(xml::parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>")->text, "\uFFFD");
  CHECK_OK(xml::parse("<?xml version='1.0' encoding='utf-8'?><a>\xc3\xa4</a>"));
}

CALINT_TEST(depth_and_numbers_are_bounded) {
  CHECK_OK(xml::parse(nested(32)));
  check_refused(nested(33), "deep");
  check_refused(nested(100000), "deep");
  std::string many = "<a>";
  for (int i = 0; i < 49999; ++i) many += "<b/>";
  CHECK_OK(xml::parse(many + "</a>"));
  check_refused(many + "<b/></a>", "too many");
}

CALINT_TEST(a_tag_is_bounded) {
  std::string attributes;
  for (int i = 0; i < 200000; ++i) attributes += " a" + std::to_string(i) + "=''";
  check_refused("<a" + attributes + "/>", "too long a tag");
  check_refused("<a x='>'" + attributes + "/>", "too long a tag");
  check_refused("<a x=\"'>'\"" + attributes + "/>", "too long a tag");
  check_refused("<!-- <a x=' --><a x='>'" + attributes + "/>", "too long a tag");
  check_refused("<a" + std::string(9000, ' ') + "/>", "too long a tag");
  std::string namespaces;
  for (int i = 0; i < 33; ++i) namespaces += " xmlns:a" + std::to_string(i) + "='u'";
  check_refused("<a" + namespaces + "/>", "namespaces");
  CHECK_OK(xml::parse("<a>" + std::string(100000, 'x') + "</a>"));
  CHECK_OK(xml::parse("<a><![CDATA[" + std::string(100000, '<') + "]]></a>"));
  CHECK_OK(xml::parse("<a><![CDATA[<b it's " + std::string(100000, 'x') + "]]></a>"));
  CHECK_OK(xml::parse("<a b='>'>it's " + std::string(100000, 'x') + "</a>"));
}

// Another module of the process may have set one, as PHP does.
CALINT_TEST(a_handler_of_the_process_hears_nothing) {
  int heard = 0;
  xmlSetStructuredErrorFunc(&heard, [](void* count, xmlErrorPtr) { ++*static_cast<int*>(count); });
  CHECK_FAULT(xml::parse("<a><b></a>"), Fault::corrupt);
  xmlSetStructuredErrorFunc(nullptr, nullptr);
  ck_assert_int_eq(heard, 0);
}

CALINT_TEST(threads_read_at_the_same_time) {
  const std::string document = test::caldav_text("icloud-calendar-list.xml");
  std::vector<std::thread> threads;
  std::vector<size_t> responses(4);
  for (size_t& count : responses)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) count += xml::parse(document)->children.size();
    });
  for (std::thread& thread : threads) thread.join();
  for (const size_t count : responses) {
    CHECK_EQUAL(count, responses[0]);
    CHECK(count > 0);
  }
}

namespace {

// The children of a document that comes in pieces of that size, by name and text; what speaks against it at the end.
std::string streamed(std::string_view document, size_t piece) {
  std::string all;
  xml::Stream stream([&](xml::Element child) { all += child.name + "=" + child.text + ";"; });
  while (!document.empty()) {
    if (!stream.feed(document.substr(0, piece))) break;
    document.remove_prefix(std::min(piece, document.size()));
  }
  auto root = stream.finish();
  return all + (root ? *root : root.error().what);
}

}  // namespace

CALINT_TEST(a_list_is_read_as_it_comes_however_it_is_cut) {
  constexpr char kDocument[] =
      "\xef\xbb\xbf<?xml version=\"1.0\"?><l:list xmlns:l=\"DAV:\"> <!-- <x> ' --> <l:a>1 &amp; 2</l:a> between "
      "<l:b t='>'><![CDATA[<c>]]>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80&#13;</l:b></l:list>\n";
  for (size_t piece = 1; piece < sizeof kDocument; ++piece)
    CHECK_EQUAL(streamed(kDocument, piece),
                "{DAV:}a=1 & 2;{DAV:}b=<c>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\r;{DAV:}list");
}

CALINT_TEST(what_makes_one_child_of_a_list_unreadable_is_mended_however_it_is_cut) {
  constexpr char kDocument[] = "<list><a>x\xe9y&#x1f;z</a><b>\xf0\x9f</b><c>w</c></list>";
  for (size_t piece = 1; piece < sizeof kDocument; ++piece)
    CHECK_EQUAL(streamed(kDocument, piece), "{}a=x\xef\xbf\xbdy\xef\xbf\xbdz;{}b=\xef\xbf\xbd;{}c=w;{}list");
}

CALINT_TEST(a_list_is_none_until_its_end) {
  constexpr std::string_view kDocument = "<list><a/><a/></list>";
  for (size_t length = 0; length < kDocument.size(); ++length)
    CHECK(streamed(kDocument.substr(0, length), 3).ends_with("isn't well formed"));
  CHECK(streamed("<list><a/></lis>", 4).ends_with("isn't well formed"));
  CHECK(streamed(std::string("<list><a/>\0</list>", 18), 4).ends_with("isn't well formed"));
  CHECK(streamed("{\"a\": 1}", 4).ends_with("isn't well formed"));
}

CALINT_TEST(the_bounds_of_a_document_hold_for_each_child_of_a_list) {
  CHECK(streamed("<!DOCTYPE list><list/>", 5).ends_with("has a DOCTYPE"));
  CHECK(streamed("<list>" + nested(40) + "</list>", 50).ends_with("is too deep"));
  CHECK(streamed("<list><a b=\"" + std::string(9'000, 'x') + "\"/></list>", 100).ends_with("has too long a tag"));
  std::string children, grandchildren;
  for (int i = 0; i < 60'000; ++i) {
    children += "<a/>";
    grandchildren += "<b/>";
  }
  CHECK(streamed("<list>" + children + "</list>", 1'000).ends_with(";{}list"));
  CHECK(streamed("<list><a>" + grandchildren + "</a></list>", 1'000).ends_with("has too many elements"));

  size_t length = 0;
  xml::Stream stream([&](xml::Element child) { length = child.text.size(); });
  const std::string long_text = "<list><a>" + std::string(3 << 20, 'x') + "</a></list>";
  CHECK(stream.feed(long_text));
  CHECK_OK(stream.finish());
  CHECK_EQUAL(length, xml::Stream::kLongestText + 1);
}
