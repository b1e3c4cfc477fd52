#include "runtime/provider_places.h"

namespace calint {

bool ProviderPlaces::join(pid_t process) {
  for (Row* row = rows_; row != rows_ + processes_; ++row) {
    pid_t nobody = 0;
    if (row->process.compare_exchange_strong(nobody, process)) return true;
  }
  return false;
}

// The count goes first: the next process that takes the row starts with none.
void ProviderPlaces::leave(pid_t process) {
  Row* row = row_of(process);
  if (row == nullptr) return;
  row->taken = 0;
  row->process = 0;
}

// Taken first and counted then: two that meet at the last place may both go without, never both get it.
ProviderPlaces::Place ProviderPlaces::take(pid_t process, unsigned limit) {
  Row* row = row_of(process);
  if (row == nullptr) return {};
  row->taken.fetch_add(1);
  if (taken() <= limit) return Place(&row->taken);
  row->taken.fetch_sub(1);
  return {};
}

unsigned ProviderPlaces::taken() const {
  unsigned sum = 0;
  for (const Row* row = rows_; row != rows_ + processes_; ++row) sum += row->taken.load();
  return sum;
}

ProviderPlaces::Row* ProviderPlaces::row_of(pid_t process) const {
  for (Row* row = rows_; row != rows_ + processes_; ++row)
    if (row->process.load() == process) return row;
  return nullptr;
}

}  // namespace calint
