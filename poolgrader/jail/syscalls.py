"""Which system calls a learner's code may make: a list of what numpy and torch need; all others are refused.

The grader's process compiles the list with libseccomp, which knows the calls' numbers on every architecture;
the learner's process loads the compiled filter.
"""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from functools import cache

# Allowed: files that are open already, or that Landlock and the mounts allow; memory; time; the process's own
# descriptors.
# Left out on purpose: whatever starts a process, signals another, changes owners, modes or times, traces,
# mounts, reaches a network, keeps memory that no limit counts, or locks a file that others read.
ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev open openat close close_range lseek
stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat
getcwd chdir fchdir getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
ftruncate fsync fdatasync dup dup2 dup3 pipe pipe2 poll ppoll select pselect6
epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
recvfrom shutdown getsockopt getsockname getpeername
brk mmap munmap mremap mprotect madvise mincore msync get_mempolicy
futex set_robust_list get_robust_list rseq membarrier sched_yield sched_getaffinity
getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getpgid getsid
uname sysinfo getrusage times getrlimit getcpu getrandom arch_prctl set_tid_address umask
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time setitimer getitimer alarm
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
pause restart_syscall exit exit_group
"""
# What fcntl may do: copy descriptors and change their flags. It may not have a signal sent to another process
# when something is written (F_SETOWN), nor set locks, leases, notifications or larger pipes.
DESCRIPTOR_CHANGES = (0, 1, 2, 3, 4, 1030, 1032)  # F_DUPFD .. F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ
STREAM, AT_ONCE, CLOSED_ON_EXEC = 1, 0o4000, 0o2000000
# A thread of this process, with the flags that the C library starts one with, and no others. A process or a
# namespace has other flags. A thread is inside the same sandbox, and ends with its process.
CLONE_FLAGS_OF_A_THREAD = 0x3D0F00  # VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID
TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS .. FIONREAD, FIONBIO, FIOCLEX


@cache
def program() -> bytes:
    """The filter as BPF, or b"" where there is no libseccomp."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError):
        return b""
    allowed = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED.split():
        try:
            allowed.add_rule(pyseccomp.ALLOW, name)
        except (OSError, ValueError):
            continue  # not on this architecture, or newer than this libseccomp
    for request in TERMINAL_QUESTIONS:
        allowed.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    for change in DESCRIPTOR_CHANGES:
        allowed.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, change))
    # asyncio's event loop wakes itself through a pair of sockets. A pair of stream sockets reaches nobody
    # else. A datagram socket could send to any address, such as that of the system's log.
    local = pyseccomp.Arg(0, pyseccomp.EQ, int(socket.AF_UNIX))
    for flags in (0, AT_ONCE, CLOSED_ON_EXEC, AT_ONCE | CLOSED_ON_EXEC):
        allowed.add_rule(pyseccomp.ALLOW, "socketpair", local, pyseccomp.Arg(1, pyseccomp.EQ, STREAM | flags))
    allowed.add_rule(pyseccomp.ALLOW, "sendto", pyseccomp.Arg(4, pyseccomp.EQ, 0))
    # The process's own limits, and no other process's.
    allowed.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0))
    allowed.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.EQ, CLONE_FLAGS_OF_A_THREAD))
    # The C library asks for clone3 first, whose flags a filter cannot read; ENOSYS sends it on to clone.
    allowed.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        allowed.export_bpf(file)
        file.seek(0, os.SEEK_SET)
        return file.read()
