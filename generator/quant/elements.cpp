#include "quant/elements.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace quant {

namespace {

// Of each element its signal and place.
std::vector<Piece> singles(const Carried& in) {
  std::vector<Piece> all;
  for (const Piece& piece : in.pieces)
    for (int i = 0; i < piece.count; ++i) all.push_back({piece.signal, piece.first + i, 1});
  return all;
}

}  // namespace

Carried taken(const Carried& in, const std::vector<int>& elements) {
  return gathered(in, singles(in), elements);
}

Carried gathered(const Carried& in, const std::vector<Piece>& all,
                 const std::vector<int>& elements) {
  Carried out;
  out.stage = in.stage;
  const auto count = static_cast<Eigen::Index>(elements.size());
  const Eigen::VectorXd gain = in.after.gain_of(in.count());
  const Eigen::VectorXd offset = in.after.offset_of(in.count());
  out.after = {Eigen::VectorXd(count), Eigen::VectorXd(count)};
  for (Eigen::Index i = 0; i < count; ++i) {
    const int from = elements[static_cast<std::size_t>(i)];
    out.after.gain[i] = gain[from];
    out.after.offset[i] = offset[from];
    const Piece& next = all[static_cast<std::size_t>(from)];
    Piece* last = out.pieces.empty() ? nullptr : &out.pieces.back();
    if (last && last->signal == next.signal && last->first + last->count == next.first)
      ++last->count;
    else
      out.pieces.push_back(next);
  }
  if (out.after.is_identity()) out.after = Affine();
  return out;
}

std::vector<int> signal_order(const Carried& in) {
  const std::vector<Piece> all = singles(in);
  std::map<SignalId, std::size_t> ranks;
  for (const Piece& piece : in.pieces) ranks.emplace(piece.signal, ranks.size());
  std::vector<int> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int element) {
    const Piece& one = all[static_cast<std::size_t>(element)];
    return std::pair(ranks.at(one.signal), one.first);
  });
  return order;
}

}  // namespace quant
