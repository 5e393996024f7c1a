// Max and average pooling in two passes: along rows first, then down columns, in the steps of steps.py. A job
// is a band of rows that stays in cache. A later value wins if it is larger or NaN; in a band without NaN,
// one instruction takes the maximum. The winner's offset in the window is kept. If padding wins, the offset
// is 0, which means the first cell inside the plane. In channels_last a cell consists of the values of all
// channels.
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <atomic>
using at::Tensor;
using Maybe = std::optional<Tensor>;
using Ints = at::IntArrayRef;
using Taps = std::vector<int64_t>;
// Bytes of a vector. Compilers split it on machines with shorter vectors.
constexpr int64_t BYTES = 64, CACHED = 16 << 10;
template <class T>
using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
template <class T>
constexpr int64_t LANES = BYTES / sizeof(T);
template <class T>
using Vec [[gnu::vector_size(BYTES)]] = T;
template <int N>
using Known = std::integral_constant<int, N>;

template <bool S, bool I, bool N>
struct Rule {
    static constexpr bool SUM = S, INDEX = I, NANS = N;
};

// channels is 1 in the contiguous layout, where each channel of each sample counts as an image.
struct Shape {
    int64_t images, channels, height, width, out_height, out_width, kh, kw, sh, sw, ph, pw;
};

// Values, and the offsets of winners; index is null if they are not needed.
template <class T>
struct Span {
    T* value;
    Int<T>* index;

    Span at(int64_t n) const { return {value + n, index ? index + n : nullptr}; }

    void fill(int64_t n, T identity) const {
        std::fill_n(value, n, identity), std::fill_n(index, index ? n : 0, 0);
    }
};

template <class T>
struct Buffer {
    std::vector<T> value;
    std::vector<Int<T>> index;

    Buffer(int64_t n, bool indexed) : value(n + 4 * LANES<T>), index(indexed ? n + 4 * LANES<T> : 0) {}

    template <class V>
    static V* aligned(V* p) {
        return (V*)((uintptr_t(p) + BYTES - 1) / BYTES * BYTES);
    }

    Span<T> span() { return {aligned(value.data()), index.empty() ? nullptr : aligned(index.data())}; }
};

// The taps of a step: taps counts in cells of the window, far in values in memory.
struct Step {
    Taps taps, far;
};

// A negative tap reads the input of the first step, which lies `room` cells before that step's output.
std::vector<Step> steps_of(Ints taps, int64_t unit, int64_t room) {
    std::vector<Step> steps;
    for (int64_t tap : taps)
        (tap ? steps.back() : steps.emplace_back()).taps.push_back(tap < 0 ? -tap - room : tap);
    for (Step& step : steps)
        for (int64_t tap : step.taps) step.far.push_back(tap * unit);
    return steps;
}
// Both gcc and clang have __builtin_shufflevector; its indices must be constants.
template <class T>
using Lanes = std::make_integer_sequence<int, LANES<T>>;

template <int FIRST, class V, int... I>
V every_second(V v, V w, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(v, w, (2 * I + FIRST)...);
}

template <int FAR, class V, int... I>
V exchanged(V v, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(v, v, (I ^ FAR)...);
}

// At a stride, only the cells of the first `lanes` outputs are read: if a row has fewer outputs than a vector
// has lanes, the cells of the other lanes would lie far beyond the end of the memory. If all lanes are read,
// the compiler knows their number.
template <int S, class T, class N = Known<LANES<T>>>
inline Vec<T> load(const T* p, int64_t stride, int64_t tap, N lanes = {}) {
    Vec<T> v{};
    if constexpr (S == 1)
        std::memcpy(&v, p + tap, BYTES);
    else if constexpr (S == 2) {
        // From the second tap on, read from one cell earlier, so that nothing after the last cell is read.
        Vec<T> w;
        std::memcpy(&v, p + tap - (tap > 0), BYTES), std::memcpy(&w, p + tap - (tap > 0) + LANES<T>, BYTES);
        v = tap > 0 ? every_second<1>(v, w, Lanes<T>()) : every_second<0>(v, w, Lanes<T>());
    } else
        for (int64_t i = 0; i < lanes; ++i) v[i] = p[i * stride + tap];
    return v;
}

template <class R, class V>
V joined(V best, V next) {
    return R::SUM ? best + next : (R::NANS ? ((next > best) | (next != next)) : next > best) ? next : best;
}

template <class T>
struct Sweep {
    Span<T> in;
    int64_t in_row;
    Span<T> out;
    int64_t out_row, rows, n, stride;
    const Step& step;
    int64_t weight = 1;
    const T *next = nullptr, *later = nullptr;
    int64_t later_row = 0;  // next and later are prefetched, next for reading and later for writing
};

// For each row, out[i] becomes the sum or the maximum of in[i * stride + far[t]] over t; the offset of a
// winner grows by taps[t] * weight. In place, and at the ends of buffers, a last vector that is not full is
// read and written whole. Elsewhere it overlaps the vector before it, and a copy writes no more than its
// cells.
template <class R, int COUNT, int S, class T>
void run(Sweep<T> s) {
    constexpr int64_t L = LANES<T>;
    const int64_t count = COUNT > 0 ? COUNT : s.step.far.size(), *far = s.step.far.data(),
                  *taps = s.step.taps.data();
    for (int64_t r = 0, i; r < s.rows; ++r, s.in = s.in.at(s.in_row), s.out = s.out.at(s.out_row)) {
        const auto join = [=](int64_t i, auto kept) __attribute__((always_inline)) {
            const Span<T> from = s.in.at(i * (S ? S : s.stride));
            Vec<T> best = load<S>(from.value, s.stride, 0, kept);
            const auto offset = [&](int64_t tap) {
                return from.index ? load<S>(from.index, s.stride, tap, kept) : Vec<Int<T>>{};
            };
            [[maybe_unused]] Vec<Int<T>> index = R::INDEX ? offset(0) : Vec<Int<T>>{};
            for (int64_t t = 1, tap; t < count; ++t) {
                const Vec<T> next = load<S>(from.value, s.stride, tap = S == 2 ? t : far[t], kept);
                if constexpr (R::INDEX)
                    index =
                        ((next > best) | (next != next)) ? offset(tap) + Int<T>(taps[t] * s.weight) : index;
                best = joined<R>(best, next);
            }
            if (R::INDEX) std::memcpy(s.out.index + i, &index, BYTES);  // buffers have room after their end
            std::memcpy(s.out.value + i, &best, kept * sizeof(T));
        };
        for (i = 0; i + L <= s.n; join(i, Known<L>()), i += L)
            for (int64_t c = 0; c < (S ? S : s.stride) && s.next; ++c)
                __builtin_prefetch(s.next + r * s.in_row + i * (S ? S : s.stride) + c * L),
                    __builtin_prefetch(s.later + r * s.later_row + i, 1);
        if (i < s.n)
            s.n >= L                            ? join(s.n - L, Known<L>())
            : S == 1 && COUNT == 1 && !R::INDEX ? (void)std::copy_n(s.in.value, s.n, s.out.value)
                                                : join(0, s.n);
    }
}

// Choose the loop that is compiled for this number of taps and this stride.
template <class R, class T>
void sweep(Sweep<T> s) {
    const int64_t count = s.step.far.size(), L = LANES<T>;
    const bool close = s.step.far.back() + 1 == count;
    if (s.in.value == s.out.value) s.n = (s.n + L - 1) / L * L;
    const auto counted = [&]<int... N>(auto S, std::integer_sequence<int, N...>) {
        if (!(... || (count == N && (run<R, N, S()>(s), true)))) run<R, 0, S()>(s);
    };
    constexpr std::make_integer_sequence<int, R::SUM ? 10 : 5> known;
    s.stride == 1            ? counted(Known<1>(), known)
    : s.stride == 2 && close ? counted(Known<2>(), known)
                             : run<R, 0, 0>(s);
}

template <class R, class T>
void blocks(const T* x, int64_t rows, int64_t row, T* y, int64_t outputs, int64_t n, int64_t k, int64_t s,
            int64_t p) {
    // Each window consists of the end of one block of k rows and the beginning of the next block.
    Buffer<T> scratch(2 * rows * LANES<T>, false);
    Vec<T>*begun = (Vec<T>*)scratch.span().value, *ended = begun + rows;
    for (int64_t c = 0; c < n; c += LANES<T>) {
        if (c + LANES<T> > n && n >= LANES<T>) c = n - LANES<T>;
        const auto at = [=](int64_t r) { return load<1>(x + r * row + c, 1, 0); };
        for (int64_t start = 0; start < rows; start += k) {
            int64_t up = start, down = std::min(start + k, rows) - 1;
            Vec<T> first = begun[up] = at(up), last = ended[down] = at(down);
            while (++up, --down >= start)
                begun[up] = first = joined<R>(first, at(up)), ended[down] = last = joined<R>(at(down), last);
        }
        for (int64_t o = 0, edge = 0; o < outputs; ++o) {
            const int64_t from = std::max<int64_t>(o * s - p, 0), till = std::min(o * s - p + k, rows) - 1;
            while (edge + k <= till) edge += k;  // the block that the window's last row is in
            const Vec<T> v = from < edge    ? joined<R>(ended[from], begun[till])
                             : from == edge ? begun[till]
                                            : ended[from];
            n < LANES<T> ? std::memcpy(y + o * n, &v, n * sizeof(T)) : std::memcpy(y + o * n + c, &v, BYTES);
        }
    }
}

// Returns whether an average is infinite or NaN: then another order of additions may give another sum.
template <bool SUM, bool INDEX, class T, class O>
bool pool(const T* x, T* y, O* offsets, const double* row_divisor, const double* column_divisor,
          const Shape p, Ints row_taps, Ints column_taps) {
    const T identity = SUM ? T(0) : -std::numeric_limits<T>::infinity();
    const int64_t unit = p.channels, left = p.pw * unit, width = p.width * unit, n = p.out_width * unit,
                  L = LANES<T>, line = (n + L - 1) / L * L;
    // The padding between two rows serves as the end of the first and as the beginning of the second.
    const int64_t pitch = std::max(width + left, ((p.out_width - 1) * p.sw + p.kw) * unit - left);
    const int64_t fits = CACHED / (pitch * sizeof(T)),
                  least = std::max({fits - p.kh, 4 * (p.kh - p.sh), p.sh}) / p.sh;
    const int64_t alike =
        std::max((p.out_height + least - 1) / least,
                 std::min(p.out_height, at::get_num_threads() / std::max(p.images, int64_t(1))));
    const int64_t band = (p.out_height + alike - 1) / alike, most = (band - 1) * p.sh + p.kh,
                  bands = (p.out_height + band - 1) / band;
    const int64_t room = (most * pitch + left) / unit + L;
    const auto across = steps_of(row_taps, unit, room), down = steps_of(column_taps, line, 0);
    const bool direct = unit == 1 && across.size() == 1 && pitch == p.width && p.kw > 1 && n >= LANES<T>,
               in_blocks = !INDEX && p.kh > 7;
    std::atomic<bool> any_strange = false;
    at::parallel_for(0, p.images * bands, 1, [&](int64_t begin, int64_t end) {
        Buffer<T> rows(direct && !INDEX ? 0 : std::max((SUM ? 2 : 1) * room * unit, band * n), INDEX),
            middle((most + 1) * line, INDEX);
        std::vector<T> divisors(n), inverse(n);
        double divisor = 0;  // of the previous row of outputs; divisors are recomputed only if it changes
        for (int64_t job = begin; job < end; ++job) {
            const int64_t image = job / bands, first = job % bands * band,
                          last = std::min(p.out_height, first + band);
            const int64_t top = first * p.sh - p.ph, height = (last - 1 - first) * p.sh + p.kh,
                          above = std::max<int64_t>(-top, 0);
            const int64_t seen = std::max<int64_t>(std::min(p.height - top, height) - above, 0);
            T *plane = const_cast<T*>(x) + (image * p.height + top + above) * width,
              *out = y + (image * p.out_height + first) * n;
            Span<T> in{direct ? plane : rows.span().value, nullptr};
            if (!direct) std::fill_n(in.value, seen * pitch + left, identity);
            if (!direct)
                sweep<Rule<true, false, false>>(
                    Sweep<T>{{plane, nullptr}, width, in.at(left), pitch, seen, width, 1, {{0}, {0}}});
            // A direct input counts as holding NaN: to search it would cost a further read from memory.
            Int<T> nans = direct;
            for (int64_t i = 0; i < seen * pitch && !SUM && !direct; ++i) nans |= in.value[i] != in.value[i];
            const auto join = [&](auto careful) {
                using R = Rule<SUM, INDEX, careful()>;
                for (size_t s = 0; s + 1 < across.size(); ++s) {
                    const Span<T> joint = across.back().taps.back() < 0 ? in.at(room * unit) : rows.span();
                    sweep<R>(Sweep<T>{in, 0, joint, 0, 1, seen * pitch + left - across[s].far.back(), 1,
                                      across[s]});
                    in = joint;
                }
                const Span<T> mid = middle.span(), cells = mid.at(above * line), to{out, rows.span().index};
                mid.fill(above * line, identity),
                    cells.at(seen * line).fill((height - above - seen) * line, identity);
                const Sweep<T> aside{in,    pitch,
                                     cells, line,
                                     seen,  n,
                                     p.sw,  across.back(),
                                     1,     plane + seen * width,
                                     out,   (last - first) * n / (seen + 1)};
                if (unit == 1 || p.sw == 1)
                    sweep<R>(aside);
                else
                    for (int64_t r = 0; r < seen; ++r)
                        sweep<R>(Sweep<T>{in.at(r * pitch), p.sw * unit, cells.at(r * line), unit,
                                          p.out_width, unit, 1, across.back()});
                if (in_blocks)
                    return blocks<R>(cells.value, seen, line, out, last - first, n, p.kh, p.sh, above);
                for (size_t s = 0; s + 1 < down.size(); ++s)
                    sweep<R>(
                        Sweep<T>{mid, 0, mid, 0, 1, height * line - down[s].far.back(), 1, down[s], p.kw});
                sweep<R>(Sweep<T>{mid, p.sh * line, to, n, last - first, n, 1, down.back(), p.kw});
            };
            nans ? join(std::true_type()) : join(std::false_type());
            if constexpr (INDEX) std::copy_n(rows.span().index, (last - first) * n, offsets + (out - y));
            for (int64_t o = first; o < last && SUM; divisor = row_divisor[o++], out += n) {
                for (int64_t i = 0; row_divisor[o] != divisor && i < n; ++i)
                    inverse[i] = 1 / (divisors[i] = T(row_divisor[o] * column_divisor[i / unit]));
                // Rounds as a division does; a division would take three times as long.
                for (int64_t i = 0; i < n; ++i) {
                    const T about = out[i] * inverse[i],
                            better = about + (out[i] - about * divisors[i]) * inverse[i];
                    out[i] = better == better ? better : about;  // for infinities `better` is NaN
                }
            }
            const T* averages = y + (image * p.out_height + first) * n;
            // Checked for all rows at once: a check at the end of each row would take as long as the row.
            Int<T> strange = 0;
            for (int64_t i = 0; i < (last - first) * n && SUM; ++i) strange |= averages[i] - averages[i] != 0;
            if (strange) any_strange = true;
        }
    });
    return any_strange;
}

// Each lane gets the largest of all lanes, and whether any lane met a NaN.
template <class T, int FAR>
void join_lanes(Vec<T>& best, Vec<Int<T>>& odd) {
    if constexpr (FAR > 0) {
        const Vec<T> next = exchanged<FAR>(best, Lanes<T>());
        odd |= exchanged<FAR>(odd, Lanes<T>()), best = next > best ? next : best;
        join_lanes<T, FAR / 2>(best, odd);
    }
}

// The largest value of each plane, found in any order of its cells. Only if it is NaN or zero, a second loop
// takes the cells in their order.
template <class T>
void largest(const T* x, T* y, int64_t planes, int64_t n) {
    at::parallel_for(0, planes, 1 << 10, [&](int64_t begin, int64_t end) {
        for (const T* p = x + begin * n; begin < end; ++begin, p += n) {
            Vec<T> best = load<1>(p, 1, 0), next;
            Vec<Int<T>> odd = best != best;
            for (int64_t i = LANES<T>; i < n; i += LANES<T>)
                next = load<1>(p, 1, std::min(i, n - LANES<T>)), odd |= next != next,
                best = next > best ? next : best;
            join_lanes<T, LANES<T> / 2>(best, odd);
            y[begin] = best[0];
            for (int64_t i = 0; i < n && (odd[0] || best[0] == 0); ++i)  // now in their order
                if (i == 0 || p[i] > y[begin] || p[i] != p[i]) y[begin] = p[i];
        }
    });
}

// Gradients are added up in the order of the outputs.
template <class T, class O>
void give_back(const T* y, const O* offsets, T* x, const Shape p) {
    const int64_t C = p.channels;
    Taps steps(p.kh * p.kw);  // from the first cell of a window to the winner
    for (int64_t at = 0; at < p.kh * p.kw; ++at) steps[at] = (at / p.kw * p.width + at % p.kw) * C;
    at::parallel_for(0, p.images, 1, [&](int64_t begin, int64_t end) {
        for (int64_t o = begin * p.out_height, place = o * p.out_width * C; o < end * p.out_height; ++o) {
            const int64_t row = o % p.out_height, h = row * p.sh - p.ph,
                          reach = row + 1 < p.out_height ? h + p.kh : p.height;
            T* plane = x + o / p.out_height * p.height * p.width * C;
            for (int64_t r = row ? h - p.sh + p.kh : 0; r < std::min(reach, p.height); ++r)
                std::fill_n(plane + r * p.width * C, p.width * C, T(0));
            for (int64_t w = -p.pw, q = 0; q < p.out_width; ++q, w += p.sw)
                for (int64_t c = 0; c < C; ++c, ++place) {
                    int64_t at = offsets[place], cell = (h * p.width + w) * C + steps[at];
                    if (h < 0 || w < 0)  // the window begins in the padding, which may have won
                        cell = (std::max<int64_t>(h + at / p.kw, 0) * p.width +
                                std::max<int64_t>(w + at % p.kw, 0)) *
                               C;
                    plane[cell + c] += y[place];
                }
        }
    });
}

// Calls f for the types of x and of the offsets; const_data_ptr refuses other types.
template <class F>
void by_types(const Tensor& x, const Tensor& offsets, Ints given, F f) {
    Shape shape;
    std::copy(given.begin(), given.end(), &shape.images);
    const auto with = [&](auto zero) {
        offsets.scalar_type() == at::kByte ? f(zero, uint8_t(), shape) : f(zero, uint16_t(), shape);
    };
    x.scalar_type() == at::kFloat ? with(float()) : with(double());
}

bool pool_any(const Tensor& x, const Tensor& y, const Maybe& offsets, const Maybe& rows, const Maybe& columns,
              Ints given, Ints across, Ints down) {
    bool strange = false;
    by_types(x, offsets ? *offsets : x, given, [&]<class T, class O>(T, O, const Shape& shape) {
        const T* in = x.const_data_ptr<T>();
        T* out = y.mutable_data_ptr<T>();
        const bool whole = shape.kh == shape.height && shape.kw == shape.width && !shape.ph && !shape.pw &&
                           shape.channels == 1;
        if (offsets)
            pool<false, true>(in, out, offsets->mutable_data_ptr<O>(), nullptr, nullptr, shape, across, down);
        else if (rows)
            strange = pool<true, false, T, O>(in, out, nullptr, rows->const_data_ptr<double>(),
                                              columns->const_data_ptr<double>(), shape, across, down);
        else if (whole && shape.kh * shape.kw >= LANES<T>)
            largest(in, out, shape.images, shape.kh * shape.kw);
        else
            pool<false, false, T, O>(in, out, nullptr, nullptr, nullptr, shape, across, down);
    });
    return strange;
}

TORCH_LIBRARY(poolkit, m) {
    m.def(
        "pool(Tensor x, Tensor(a!) y, Tensor(b!)? offsets, Tensor? rows, Tensor? columns, int[] shape, int[] "
        "across, int[] down) -> bool",
        &pool_any);
    m.def("give_back(Tensor y, Tensor offsets, Tensor(a!) x, int[] shape) -> ()",
          [](const Tensor& y, const Tensor& offsets, const Tensor& x, Ints given) {
              by_types(y, offsets, given, [&]<class T, class O>(T, O, const Shape& shape) {
                  give_back(y.const_data_ptr<T>(), offsets.const_data_ptr<O>(), x.mutable_data_ptr<T>(),
                            shape);
              });
          });
}
