#include "base/node_slots.h"

namespace calint {

bool NodeSlots::join(pid_t process) {
  for (Row* row = rows_; row != rows_ + processes_; ++row) {
    pid_t nobody = 0;
    if (row->process.compare_exchange_strong(nobody, process)) return true;
  }
  return false;
}

// The count goes first: the next process that takes the row starts with none.
void NodeSlots::leave(pid_t process) {
  Row* row = row_of(process);
  if (row == nullptr) return;
  row->taken = 0;
  row->process = 0;
}

// Taken first and counted then: two that meet at the last slot may both go without, never both get it.
NodeSlots::Slot NodeSlots::take(pid_t process, unsigned limit) {
  Row* row = row_of(process);
  if (row == nullptr) return {};
  row->taken.fetch_add(1);
  if (taken() <= limit) return Slot(&row->taken);
  row->taken.fetch_sub(1);
  return {};
}

unsigned NodeSlots::taken() const {
  unsigned sum = 0;
  for (const Row* row = rows_; row != rows_ + processes_; ++row) sum += row->taken.load();
  return sum;
}

unsigned NodeSlots::taken_by(pid_t process) const {
  const Row* row = row_of(process);
  return row == nullptr ? 0 : row->taken.load();
}

unsigned NodeSlots::holders_with(const NodeSlots& others) const {
  unsigned found = 0;
  for (const Row* row = rows_; row != rows_ + processes_; ++row) found += row->taken.load() > 0 ? 1 : 0;
  for (const Row* row = others.rows_; row != others.rows_ + others.processes_; ++row)
    found += row->taken.load() > 0 && taken_by(row->process.load()) == 0 ? 1 : 0;
  return found;
}

NodeSlots::Row* NodeSlots::row_of(pid_t process) const {
  for (Row* row = rows_; row != rows_ + processes_; ++row)
    if (row->process.load() == process) return row;
  return nullptr;
}

}  // namespace calint
