#include "availability/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using namespace calint::availability;

namespace {

struct Question {
  std::vector<Vacancies> groups;
  std::vector<int> loads;
  PeopleSet free;
};

constexpr PeopleSet kAll = ~PeopleSet{0};

// Who is chosen for each group, by number.
std::string chosen(const Question& question) {
  Chooser chooser(question.groups);
  chooser.set_loads(question.loads);
  std::string text;
  for (const PeopleSet people : chooser.choose(question.free)) {
    text += '[';
    for (int n = 0; n < 64; ++n)
      if ((people >> n & 1) != 0) text += fmt::format("{} ", n);
    text += ']';
  }
  return text;
}

// Every choice, those whose people stand first before the others; the first one with the least load.
class Tries {
 public:
  explicit Tries(const Question& question) : question_(question), now_(question.groups.size(), 0) { fill(0, 0, 0); }
  const Choice& best() const { return best_; }
  int load() const { return load_; }

 private:
  void fill(size_t group, size_t member, int load) {
    if (group == now_.size()) {
      if (best_.empty() || load < load_) best_ = now_, load_ = load;
      return;
    }
    const Vacancies& wanted = question_.groups[group];
    if (static_cast<size_t>(std::popcount(now_[group])) == wanted.required) return fill(group + 1, 0, load);
    for (; member < wanted.members.size(); ++member) {
      const PeopleSet one = PeopleSet{1} << wanted.members[member];
      const auto holds = [&](PeopleSet set) { return (set & one) != 0; };
      if (!holds(question_.free) || std::any_of(now_.begin(), now_.end(), holds)) continue;
      now_[group] |= one;
      fill(group, member + 1, load + question_.loads[wanted.members[member]]);
      now_[group] &= ~one;
    }
  }

  const Question& question_;
  Choice now_;
  Choice best_;
  int load_ = 0;
};

Question random_question(test::RandomBytes& random) {
  Question question{.free = 0};
  const size_t people = 2 + random.below(8);
  const size_t most_load = 1 + random.below(3);
  for (size_t n = 0; n < people; ++n) {
    question.loads.push_back(static_cast<int>(random.below(most_load + 1)));
    if (random.below(5) > 0) question.free |= PeopleSet{1} << n;
  }
  for (size_t g = 1 + random.below(4); g > 0; --g) {
    Vacancies group{.required = 1};
    for (size_t n = 0; n < people; ++n)
      if (random.below(2) == 0)
        group.members.insert(group.members.begin() + static_cast<long>(random.below(group.members.size() + 1)),
                             static_cast<uint8_t>(n));
    if (group.members.empty()) group.members.push_back(0);
    group.required += random.below(std::min<size_t>(3, group.members.size()));
    question.groups.push_back(group);
  }
  return question;
}

}  // namespace

CALINT_TEST(whoever_has_least_load_is_chosen_and_among_equals_whoever_stands_first) {
  CHECK_EQUAL(chosen({{{{0, 1, 2}, 1}}, {2, 1, 1}, kAll}), "[1 ]");
  CHECK_EQUAL(chosen({{{{2, 1, 0}, 1}}, {2, 1, 1}, kAll}), "[2 ]");
  CHECK_EQUAL(chosen({{{{0, 1, 2, 3}, 2}}, {3, 0, 1, 1}, kAll}), "[1 2 ]");
  CHECK_EQUAL(chosen({{{{0, 1, 2}, 3}}, {2, 1, 1}, kAll}), "[0 1 2 ]");
}

CALINT_TEST(nobody_who_is_not_free_is_chosen) {
  CHECK_EQUAL(chosen({{{{0, 1, 2}, 2}}, {0, 0, 0}, 0b110}), "[1 2 ]");
  CHECK_EQUAL(chosen({{{{0, 1, 2}, 2}}, {0, 0, 0}, 0b100}), "");
}

CALINT_TEST(people_in_several_groups_are_matched) {
  // The second group has nobody else.
  CHECK_EQUAL(chosen({{{{0, 1}, 1}, {{0}, 1}}, {0, 5}, kAll}), "[1 ][0 ]");
  // A chain of four, each with the one before as its other choice.
  CHECK_EQUAL(chosen({{{{0, 1}, 1}, {{1, 2}, 1}, {{2, 3}, 1}, {{3}, 1}}, {0, 0, 0, 0}, kAll}), "[0 ][1 ][2 ][3 ]");
  CHECK_EQUAL(chosen({{{{0, 1}, 1}, {{0, 1}, 1}, {{0, 1}, 1}}, {0, 0}, kAll}), "");
}

CALINT_TEST(the_load_is_summed_over_the_choice) {
  // 0 alone has less load than 1, but then the second group has to take 2.
  CHECK_EQUAL(chosen({{{{0, 1}, 1}, {{0, 2}, 1}}, {1, 2, 9}, kAll}), "[1 ][0 ]");
}

CALINT_TEST(among_equals_the_first_group_has_its_first_people) {
  // 0 could sit in either group at the same cost; the second group then takes somebody of the same load.
  CHECK_EQUAL(chosen({{{{0, 1}, 1}, {{0, 2}, 1}}, {1, 1, 1}, kAll}), "[0 ][2 ]");
  // That takes an exchange through somebody who isn't chosen.
  CHECK_EQUAL(chosen({{{{2, 0}, 1}, {{1, 2}, 1}, {{0, 1}, 1}}, {1, 1, 1}, kAll}), "[2 ][1 ][0 ]");
}

CALINT_TEST(choices_are_those_that_trying_all_of_them_finds) {
  test::RandomBytes random(7);
  size_t complete = 0;
  for (int round = 0; round < 600; ++round) {
    Question question = random_question(random);
    Chooser chooser(question.groups);
    chooser.set_loads(question.loads);
    for (int turn = 0; turn < 8; ++turn) {
      const Tries tries(question);
      const auto load = chooser.least_load(question.free);
      ck_assert_msg(load.has_value() == !tries.best().empty(), "round %d, turn %d", round, turn);
      ck_assert_msg(!load || *load == tries.load(), "round %d, turn %d: load %d, expected %d", round, turn, *load,
                    tries.load());
      if (random.below(2) == 0)
        ck_assert_msg(chooser.choose(question.free) == tries.best(), "round %d, turn %d", round, turn);
      complete += load.has_value();
      // Some come, some go, sometimes the loads are others.
      for (size_t changes = random.below(4); changes > 0; --changes)
        question.free ^= PeopleSet{1} << random.below(question.loads.size());
      if (random.below(5) > 0) continue;
      for (int& one : question.loads) one = static_cast<int>(random.below(4));
      chooser.set_loads(question.loads);
    }
  }
  CHECK(complete > 1000 && complete < 4000);
}

CALINT_TEST(fifty_people_are_told_apart) {
  Question question{.groups = {}, .loads = std::vector<int>(50, 1), .free = (PeopleSet{1} << 50) - 1};
  for (uint8_t g = 0; g < 10; ++g) {
    question.groups.push_back({.members = {}, .required = 5});
    for (uint8_t n = 0; n < 50; ++n) question.groups.back().members.push_back(static_cast<uint8_t>((n + g) % 50));
  }
  // Everybody is needed; the first group takes its first five, the next ones of those who are left.
  CHECK_EQUAL(chosen(question).substr(0, 12), "[0 1 2 3 4 ]");
  question.free &= ~PeopleSet{1};
  CHECK_EQUAL(chosen(question), "");
}
