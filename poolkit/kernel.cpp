// Max and average pooling of planes in two passes, rows first. A pass joins taps in steps: a maximum reaches 4, 16, 64
// cells, the last step may overlap; a sum takes k apart into two factors, and adds each cell once. A job stays in cache:
// a band of rows of a plane, or, in channels_last, of as many channels as fit a vector. A later value wins if it is
// larger or NaN. Its offset in the window is kept; padding that wins has offset 0, and stands for the first cell inside.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <torch/library.h>
#include <sys/mman.h>
using at::Tensor; using Maybe = std::optional<Tensor>; using Taps = std::vector<int64_t>;
constexpr int64_t BYTES = 64, CACHED = 48 << 10;  // of a vector (compilers split it where the machine's are shorter)
template <class T> using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
template <class T> constexpr int64_t LANES = BYTES / sizeof(T);
template <class T> using Vec [[gnu::vector_size(BYTES)]] = T;
template <int N> using Known = std::integral_constant<int, N>;
struct Shape {  // channels is 1 for planes, and the distance from cell to cell in channels_last
    int64_t images, channels, height, width, out_height, out_width, kh, kw, sh, sw, ph, pw;
    explicit Shape(at::IntArrayRef given) { std::copy(given.begin(), given.end(), &images); }
};
template <class T> struct Span {  // values, and the offsets of winners where somebody wants them
    T* value; Int<T>* index;
    Span at(int64_t n) const { return {value + n, index ? index + n : nullptr}; }
    void fill(int64_t n, T identity) const { std::fill_n(value, n, identity), std::fill_n(index, index ? n : 0, 0); }
};
template <class T> struct Buffer {
    std::vector<T> value; std::vector<Int<T>> index;
    Buffer(int64_t n, bool indexed) : value(n + 4 * LANES<T>), index(indexed ? n + 4 * LANES<T> : 0) {}
    Span<T> span() { return {value.data(), index.empty() ? nullptr : index.data()}; }
};
std::vector<Taps> steps_of(int64_t k, bool sum) {
    std::vector<Taps> steps{{0}};
    int64_t most = sum ? k : 4;  // taps of a step; of the first one of a sum, the largest factor up to the root of k
    for (int64_t f = 2; sum && f * f <= k; ++f) most = k % f ? most : f;
    for (int64_t reach = 1; reach < k; most = sum ? k : 4) {
        Taps& taps = steps.back();
        while (taps.back() + reach < k && int64_t(taps.size()) < most) taps.push_back(std::min(taps.back() + reach, k - reach));
        reach += taps.back();
        if (reach < k) steps.push_back({0});
    }
    return steps;
}
template <int S, class T> inline Vec<T> load(const T* p, int64_t stride, int64_t tap) {
    Vec<T> v;
    if constexpr (S == 1) std::memcpy(&v, p + tap, BYTES);
    else if constexpr (S == 2) {  // from an odd tap one cell earlier, so that nothing behind the last is read
        Vec<T> w; Vec<Int<T>> chosen;
        std::memcpy(&v, p + tap - (tap & 1), BYTES);
        std::memcpy(&w, p + tap - (tap & 1) + LANES<T>, BYTES);
        for (int64_t i = 0; i < LANES<T>; ++i) chosen[i] = 2 * i + (tap & 1);
        v = __builtin_shuffle(v, w, chosen);
    } else for (int64_t i = 0; i < LANES<T>; ++i) v[i] = p[i * stride + tap];
    return v;
}
// out[i] joins in[i * stride + taps[t] * unit] over t; an offset grows by taps[t] * weight. In place, a last vector
// that is not full is written whole.
template <bool SUM, bool INDEX, class T>
void sweep(Span<T> in, Span<T> out, int64_t n, int64_t stride, const Taps& taps, int64_t unit, Int<T> weight) {
    constexpr int64_t L = LANES<T>;
    if (in.value == out.value) n = (n + L - 1) / L * L;
    const auto run = [&](auto known, auto S) {  // how many taps, and which stride, for loops without a branch
        const int64_t count = known ? known() : int64_t(taps.size());
        for (int64_t i = 0; i < n; i += L) {
            if (i + L > n && n >= L) i = n - L;  // the last vector overlaps the one before it
            Vec<T> best = load<S()>(in.value + i * stride, stride, 0);
            Vec<Int<T>> index = INDEX && in.index ? load<S()>(in.index + i * stride, stride, 0) : Vec<Int<T>>{};
            for (int64_t t = 1; t < count; ++t) {
                const int64_t tap = S() == 2 ? t : taps[t] * unit;
                const Vec<T> next = load<S()>(in.value + i * stride, stride, tap);
                const auto wins = (next > best) | (next != next);
                best = SUM ? best + next : wins ? next : best;
                const Vec<Int<T>> other = INDEX && in.index ? load<S()>(in.index + i * stride, stride, tap) : Vec<Int<T>>{};
                if (INDEX) index = wins ? other + Int<T>(taps[t] * weight) : index;
            }
            const int64_t kept = std::min(n - i, L);
            kept == L ? std::memcpy(out.value + i, &best, BYTES) : std::memcpy(out.value + i, &best, kept * sizeof(T));
            if (INDEX) std::memcpy(out.index + i, &index, BYTES);  // buffers have room behind their end
        }
    };
    const size_t count = taps.size(); const bool close = unit == 1 && taps.back() + 1 == int64_t(count);
    const auto with = [&](auto S) {
        count == 2 ? run(Known<2>(), S) : count == 3 ? run(Known<3>(), S) : count == 4 ? run(Known<4>(), S) : run(Known<0>(), S);
    };
    stride == 1 ? with(Known<1>()) : stride == 2 && close ? with(Known<2>()) : run(Known<0>(), Known<0>());
}
// Ask for pages of 2 MiB: fresh memory is cleared page by page, which takes longer than to fill it.
template <class T> void huge_pages([[maybe_unused]] T* p, [[maybe_unused]] int64_t cells) {
#ifdef MADV_HUGEPAGE
    const uintptr_t from = (uintptr_t(p) + 4095) / 4096 * 4096, to = uintptr_t(p + cells) / 4096 * 4096;
    if (to > from + (1 << 22)) madvise((void*)from, to - from, MADV_HUGEPAGE);
#endif
}
template <class A, class B> void spread(const A* line, B* out, const Shape& p, int64_t unit, int64_t wide) {
    if (p.channels == 1) std::copy_n(line, p.out_width, out);
    else for (int64_t w = 0; w < p.out_width; ++w) std::copy_n(line + w * unit, wide, out + w * p.channels);
}
template <bool SUM, bool INDEX, class T, class O>
void pool(const T* x, T* y, O* offsets, const double* row_divisor, const double* column_divisor, const Shape p) {
    const T identity = SUM ? T(0) : -std::numeric_limits<T>::infinity();
    const int64_t unit = std::min(p.channels, LANES<T>), chunks = (p.channels + unit - 1) / unit;
    const int64_t pitch = std::max((p.out_width - 1) * p.sw + p.kw, p.pw + p.width) * unit, line_size = p.out_width * unit;
    const auto across = steps_of(p.kw, SUM), down = steps_of(p.kh, SUM);
    const bool direct = p.channels == 1 && across.size() == 1 && pitch == p.width && p.kw > 1 && p.out_width >= LANES<T>;
    const int64_t fits = CACHED / (pitch * sizeof(T)), threads = at::get_num_threads();
    int64_t band = std::min(p.out_height, std::max<int64_t>(std::max(fits - p.kh, p.kh) / p.sh, 1));
    if (p.images * chunks < threads) band = std::min(band, (p.out_height + threads - 1) / threads);
    const int64_t bands = (p.out_height + band - 1) / band, most = (band - 1) * p.sh + p.kh;
    huge_pages(y, p.images * p.out_height * p.out_width * p.channels);
    at::parallel_for(0, p.images * chunks * bands, 1, [&](int64_t begin, int64_t end) {
        Buffer<T> rows(direct ? 0 : most * pitch, INDEX), middle(most * line_size, INDEX), line(line_size, INDEX);
        std::vector<T> divisors(line_size); double row = 0;  // of the outputs of a row, as long as they stay the same
        for (int64_t job = begin; job < end; ++job) {
            const int64_t image = job / bands / chunks, channel = job / bands % chunks * unit;
            const int64_t wide = std::min(unit, p.channels - channel);  // what is left of the last chunk's lanes is idle
            const int64_t first = job % bands * band, last = std::min(p.out_height, first + band);
            const int64_t top = first * p.sh - p.ph, height = (last - 1 - first) * p.sh + p.kh;
            const int64_t above = std::max<int64_t>(-top, 0), seen = std::max<int64_t>(std::min(p.height - top, height) - above, 0);
            const T* plane = x + (image * p.height + top + above) * p.width * p.channels + channel;
            for (int64_t r = 0; r < seen && !direct; ++r) {
                T* to = std::fill_n(rows.value.data() + r * pitch, p.pw * unit, identity);
                const T* cell = plane + r * p.width * p.channels;
                if (p.channels == 1) to = std::copy_n(cell, p.width, to);
                else for (int64_t w = 0; w < p.width; ++w, to += unit, cell += p.channels) std::copy_n(cell, wide, to);
                std::fill(to, rows.value.data() + (r + 1) * pitch, identity);
            }
            Span<T> in{rows.value.data(), nullptr}, mid = middle.span();
            for (size_t s = 0; s + 1 < across.size(); in = rows.span(), ++s)
                sweep<SUM, INDEX, T>(in, rows.span(), seen * pitch - across[s].back() * unit, 1, across[s], unit, 1);
            if (direct) in.value = const_cast<T*>(plane);
            mid.fill(above * line_size, identity);
            const int64_t alone = unit == 1 || p.sw == 1 ? line_size : unit;  // cells that the same taps reach at a stride
            for (int64_t r = 0; r < seen; ++r)
                for (int64_t w = 0; w < line_size; w += alone)
                    sweep<SUM, INDEX, T>(in.at(r * pitch + w * p.sw), mid.at((above + r) * line_size + w), alone,
                                         unit == 1 ? p.sw : 1, across.back(), unit, 1);
            mid.at((above + seen) * line_size).fill((height - above - seen) * line_size, identity);
            for (size_t s = 0; s + 1 < down.size(); ++s)
                sweep<SUM, INDEX, T>(mid, mid, (height - down[s].back()) * line_size, 1, down[s], line_size, p.kw);
            for (int64_t o = first; o < last; ++o) {
                T* out = y + (image * p.out_height + o) * p.out_width * p.channels + channel;
                const Span<T> to{p.channels == 1 ? out : line.value.data(), line.span().index};
                sweep<SUM, INDEX, T>(mid.at((o - first) * p.sh * line_size), to, line_size, 1, down.back(), line_size, p.kw);
                for (int64_t i = 0; SUM && row_divisor[o] != row && i < line_size; ++i)
                    divisors[i] = T(row_divisor[o] * column_divisor[i / unit]);
                row = SUM ? row_divisor[o] : row;
                for (int64_t i = 0; SUM && i < line_size; ++i) to.value[i] /= divisors[i];
                if (INDEX) spread(to.index, offsets + (out - y), p, unit, wide);
                if (p.channels > 1) spread(to.value, out, p, unit, wide);
            }
        }
    });
}
// Give each output's gradient to its winner, in the order of the outputs.
template <class T, class O> void give_back(const T* gradient, const O* offsets, T* result, const Shape p) {
    const int64_t unit = std::min(p.channels, LANES<T>), chunks = (p.channels + unit - 1) / unit, C = p.channels;
    Taps steps(p.kh * p.kw);  // from the first cell of a window to the winner
    for (int64_t at = 0; at < p.kh * p.kw; ++at) steps[at] = (at / p.kw * p.width + at % p.kw) * C;
    huge_pages(result, p.images * p.height * p.width * C);
    at::parallel_for(0, p.images * chunks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t job = begin; job < end; ++job) {
            const int64_t channel = job % chunks * unit, wide = std::min(unit, C - channel);
            T* plane = result + job / chunks * p.height * p.width * C + channel;
            int64_t place = job / chunks * p.out_height * p.out_width * C + channel, clear = 0;
            for (int64_t h = -p.ph, o = 0; o < p.out_height; ++o, h += p.sh) {
                const int64_t reach = (o + 1 < p.out_height ? std::min(h + p.kh, p.height) : p.height) * p.width;
                if (C == 1 && reach > clear) clear = std::fill_n(plane + clear, reach - clear, T(0)) - plane;
                for (; clear < reach; ++clear) std::fill_n(plane + clear * C, wide, T(0));
                for (int64_t w = -p.pw, q = 0; q < p.out_width; ++q, w += p.sw, place += C)
                    for (int64_t c = 0; c < wide; ++c) {
                        const int64_t at = offsets[place + c];
                        int64_t cell = (h * p.width + w) * C + steps[at];
                        if (h < 0 || w < 0)  // padding may have won
                            cell = (std::max<int64_t>(h + at / p.kw, 0) * p.width + std::max<int64_t>(w + at % p.kw, 0)) * C;
                        plane[cell + c] += gradient[place + c];
                    }
            }
        }
    });
}
template <class F> void by_types(const Tensor& x, const Tensor& offsets, F f) {  // const_data_ptr refuses other types
    const auto with = [&](auto zero) { offsets.scalar_type() == at::kByte ? f(zero, uint8_t()) : f(zero, uint16_t()); };
    x.scalar_type() == at::kFloat ? with(float()) : with(double());
}
void pool_any(const Tensor& x, const Tensor& y, const Maybe& offsets, const Maybe& rows, const Maybe& columns, at::IntArrayRef shape) {
    by_types(x, offsets ? *offsets : x, [&](auto zero, auto offset) {
        const auto* in = x.const_data_ptr<decltype(zero)>();
        auto* out = y.mutable_data_ptr<decltype(zero)>();
        const double *by_row = rows ? rows->const_data_ptr<double>() : nullptr, *by_column = rows ? columns->const_data_ptr<double>() : nullptr;
        if (offsets) pool<false, true>(in, out, offsets->mutable_data_ptr<decltype(offset)>(), by_row, by_column, Shape(shape));
        else (rows ? pool<true, false, decltype(zero), char> : pool<false, false, decltype(zero), char>)(in, out, nullptr, by_row, by_column, Shape(shape));
    });
}
void give_back_any(const Tensor& gradient, const Tensor& offsets, const Tensor& result, at::IntArrayRef shape) {
    by_types(gradient, offsets, [&](auto zero, auto offset) {
        give_back(gradient.const_data_ptr<decltype(zero)>(), offsets.const_data_ptr<decltype(offset)>(), result.mutable_data_ptr<decltype(zero)>(), Shape(shape));
    });
}
TORCH_LIBRARY(poolkit, m) {
    m.def("pool(Tensor x, Tensor(a!) y, Tensor(b!)? offsets, Tensor? rows, Tensor? columns, int[] shape) -> ()", &pool_any);
    m.def("give_back(Tensor gradient, Tensor offsets, Tensor(a!) result, int[] shape) -> ()", &give_back_any);
}

