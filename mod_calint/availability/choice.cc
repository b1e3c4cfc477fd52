#include "availability/choice.h"

#include <algorithm>
#include <bit>

namespace calint::availability {
namespace {

constexpr PeopleSet bit(unsigned person) { return PeopleSet{1} << person; }
constexpr uint32_t group_bit(size_t group) { return uint32_t{1} << group; }

// Calls `use` with each number whose bit is set, least first, until it returns true.
template <typename Bits, typename Use>
bool any_of_bits(Bits bits, Use use) {
  for (; bits != 0; bits &= bits - 1)
    if (use(static_cast<unsigned>(std::countr_zero(bits)))) return true;
  return false;
}

}  // namespace

Chooser::Chooser(std::vector<Vacancies> groups) : groups_(std::move(groups)) {
  for (size_t g = 0; g < groups_.size(); ++g) {
    required_ += groups_[g].required;
    for (const uint8_t person : groups_[g].members) {
      members_[g] |= bit(person);
      groups_of_[person] |= group_bit(g);
    }
    anybody_ |= members_[g];
  }
  any_of_bits(anybody_, [&](unsigned person) {
    by_load_.push_back(static_cast<uint8_t>(person));
    return false;
  });
}

void Chooser::set_loads(std::span<const int> loads) {
  std::copy(loads.begin(), loads.end(), loads_.begin());
  std::sort(by_load_.begin(), by_load_.end(),
            [&](uint8_t a, uint8_t b) { return std::pair(loads_[a], a) < std::pair(loads_[b], b); });
}

std::optional<int> Chooser::least_load(PeopleSet free) {
  if (!fill(free)) return std::nullopt;
  int load = 0;
  for (const PeopleSet people : chosen_)
    any_of_bits(people, [&](unsigned person) {
      load += loads_[person];
      return false;
    });
  return load;
}

Choice Chooser::choose(PeopleSet free) {
  if (!fill(free)) return {};
  for (size_t g = 0; g < groups_.size(); ++g) {
    size_t found = 0;
    for (const uint8_t person : groups_[g].members) {
      if (found == groups_[g].required) break;
      if ((free_ & ~settled_ & bit(person)) == 0) continue;
      if ((chosen_[g] & bit(person)) == 0 && !exchange(person, g)) continue;
      settled_ |= bit(person);
      ++found;
    }
  }
  return {chosen_.begin(), chosen_.begin() + groups_.size()};
}

// People who can sit together are a matroid (a transversal one): taking whoever can be added, least load first, ends
// with the least load of all.
bool Chooser::fill(PeopleSet free) {
  free_ = free & anybody_;
  settled_ = 0;
  chosen_.fill(0);
  for (size_t g = 0; g < groups_.size(); ++g)
    if (static_cast<size_t>(std::popcount(free_ & members_[g])) < groups_[g].required) return false;
  size_t filled = 0;
  for (auto person = by_load_.begin(); person != by_load_.end() && filled < required_; ++person)
    if ((free_ & bit(*person)) != 0 && add(*person)) ++filled;
  return filled == required_;
}

bool Chooser::has_room(size_t group) const {
  return static_cast<size_t>(std::popcount(chosen_[group])) < groups_[group].required;
}

bool Chooser::add(unsigned person) {
  const Reach reached = reach(groups_of_[person]);
  return any_of_bits(reached.groups, [&](unsigned group) {
    if (!has_room(group)) return false;
    chosen_[shift(reached, group)] |= bit(person);
    return true;
  });
}

Chooser::Reach Chooser::reach(uint32_t first) const {
  Reach reached{.groups = first};
  reached.before.fill(-1);
  std::array<uint8_t, kMostGroups> queue{};
  size_t end = 0;
  any_of_bits(first, [&](unsigned group) {
    queue[end++] = static_cast<uint8_t>(group);
    return false;
  });
  for (size_t next = 0; next < end; ++next)
    for (size_t to = 0; to < groups_.size(); ++to)
      if ((reached.groups & group_bit(to)) == 0 && movable(queue[next], to) != 0) {
        reached.groups |= group_bit(to);
        reached.before[to] = static_cast<int8_t>(queue[next]);
        queue[end++] = static_cast<uint8_t>(to);
      }
  return reached;
}

// Groups from which somebody can be moved into `group`, by others who move on before them.
uint32_t Chooser::leading_to(size_t group) const {
  uint32_t leading = group_bit(group);
  for (uint32_t before = 0; before != leading;) {
    before = leading;
    for (size_t from = 0; from < groups_.size(); ++from)
      if (any_of_bits(before, [&](unsigned to) { return movable(from, to) != 0; })) leading |= group_bit(from);
  }
  return leading;
}

// One of each group on the way moves to the next, into the room in `to`; returns the group that has room now.
size_t Chooser::shift(const Reach& reach, size_t to) {
  while (reach.before[to] >= 0) {
    const auto from = static_cast<size_t>(reach.before[to]);
    const PeopleSet one = movable(from, to) & (~movable(from, to) + 1);
    chosen_[from] &= ~one;
    chosen_[to] |= one;
    to = from;
  }
  return to;
}

// Brings `person` into `group`, leaving whoever is settled, and the load of all, as they are. The choice has the least
// load, so no exchange can lower it; whatever reaches the wanted choice is a circle of moves that costs nothing, within
// the groups or once through those who aren't chosen.
bool Chooser::exchange(unsigned person, size_t group) {
  const PeopleSet settled_before = settled_;
  settled_ |= bit(person);
  const auto has_person = [&](PeopleSet set) { return (set & bit(person)) != 0; };
  const auto place = std::find_if(chosen_.begin(), chosen_.end(), has_person);
  const Reach reached = reach(group_bit(group));

  // Takes somebody with this load out of a group that is reached, and lets the others move up.
  const auto drop = [&](int load) {
    return any_of_bits(reached.groups, [&](unsigned from) {
      return any_of_bits(chosen_[from] & ~settled_, [&](unsigned other) {
        if (loads_[other] != load) return false;
        chosen_[from] &= ~bit(other);
        shift(reached, from);
        return true;
      });
    });
  };
  const auto take_place = [&] {
    if (place != chosen_.end()) *place &= ~bit(person);
    chosen_[group] |= bit(person);
    return true;
  };

  bool done = false;
  if (place == chosen_.end()) {
    done = drop(loads_[person]) && take_place();
  } else if (const size_t from = place - chosen_.begin(); (reached.groups & group_bit(from)) != 0) {
    *place &= ~bit(person);
    shift(reached, from);
    done = take_place();
  } else {
    PeopleSet outside = free_;
    for (const PeopleSet set : chosen_) outside &= ~set;
    const uint32_t leading = leading_to(from);
    done = any_of_bits(outside, [&](unsigned other) {
      return (groups_of_[other] & leading) != 0 && drop(loads_[other]) && take_place() && add(other);
    });
  }
  settled_ = settled_before;
  return done;
}

}  // namespace calint::availability
