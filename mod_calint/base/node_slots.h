// How many of something a node has in use at once, over all of its processes: calls that wait for a provider, database
// connections, requests that wait for one. Whatever hangs then holds some of httpd's workers, never all.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <utility>

namespace calint {

// Laid over memory that the node's processes share. Each process counts in a row of its own, so that the slots of
// a process that was killed come back as one. Lock-free, safe from any thread and process.
class NodeSlots {
 public:
  // One slot, held until the end of its life. False where none was free.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(std::atomic<unsigned>* taken) : taken_(taken) {}
    Slot(Slot&& other) noexcept : taken_(other.taken_) { other.taken_ = nullptr; }
    Slot& operator=(Slot&& other) noexcept {
      std::swap(taken_, other.taken_);
      return *this;
    }
    ~Slot() {
      if (taken_ != nullptr) taken_->fetch_sub(1);
    }
    explicit operator bool() const { return taken_ != nullptr; }

   private:
    std::atomic<unsigned>* taken_ = nullptr;
  };

  // Bytes of memory for this many processes.
  static constexpr size_t memory_size(unsigned processes) { return processes * sizeof(Row); }

  // `memory`: zeroed, aligned for an int, shared, and outliving this. Belongs to the caller.
  NodeSlots(void* memory, unsigned processes) : rows_(static_cast<Row*>(memory)), processes_(processes) {}

  // For a process, before its first take(). False where every row belongs to another one.
  bool join(pid_t process);
  // For whoever saw the process end, however it ended. Its slots are free again.
  void leave(pid_t process);
  // A slot of `process`, unless `limit` are taken in the whole node, or it has no row.
  Slot take(pid_t process, unsigned limit);
  // How many are taken: in all, and by one process.
  unsigned taken() const;
  unsigned taken_by(pid_t process) const;
  // How many processes hold one of these or one of `others`.
  unsigned holders_with(const NodeSlots& others) const;

 private:
  struct Row {
    std::atomic<pid_t> process;  // 0: nobody's
    std::atomic<unsigned> taken;
  };
  static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<unsigned>::is_always_lock_free);

  Row* row_of(pid_t process) const;

  Row* const rows_;
  const unsigned processes_;
};

}  // namespace calint
