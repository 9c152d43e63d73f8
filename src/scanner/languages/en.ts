import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const en: Language = {
  codeCues: list(
    "-error code, -error codes, -exit code, exit codes, return code, -exception code",
    "failure code, abort code, result code, last result, last run result, last task result",
    "status code, stop code, -hresult, hr, hres, loghr, returnhr, scode, err code, ret code",
    "-ntstatus, nt status, err.number, error number, create process error",
  ),
  cues: list(
    "-error, -errors, err, code, codes, result, status, substatus, -exception, exit status",
    "failed, failed with, failure, return value, returned, died with, crashed, crashed with",
    "crashes with, exited with, aborted with, getting, get, rc, ret, retval, last=",
    "laststatus, stop, bugcheck",
  ),
  failures: list(
    "error, errors, fail, fails, failed, failing, failure, crash, crashed, crashes, crashing",
    "died, dies, hang, abort, aborted, denied, cannot, can't, can not, unable, could not",
    "not work, doesn't work, stopped working, exception, problem, issue, trouble, invalid",
    "corrupt, faulting, fault, bluescreen, blue screen, bsod, bugcheck, troubleshoot",
  ),
  win32Cues: list(
    "winerror, win error, win32 error, win32 error code, windows error, windows error code",
    "system error, system error code, os error, last error, getlasterror, getlasterror()",
    "win32exception, windowserror: [error, winapi(os { code, create process error",
  ),
  windowsSayings: list(
    "the system, the process, the file, the directory, the filename, the parameter",
    "access is denied",
  ),
  otherNumbers: list(
    "-address, addr, pointer, -offset, location, memory at, time stamp, -timestamp, flag",
    "-flags, -mask, access, reason code, shutdown reason, exception codes, version, -size",
    "bytes, buffer, allocation of, stream, load command, checksum, crc, crc32, hash, sha, md5",
    "commit, revision, build, phone, tel, fax, mobile, call, order, invoice, asset, serial",
    "serial number, part number, product key, zip code, postal code, product code, color code",
    "country code, dialing code, customer number, -colour, -color, backcolor, backcolour",
    "forecolor, forecolour, sector, block, port, pid, process id, tid, event id, mspperror",
    "locale id, base, base address, image base, entry, entry point, range, caller, mapped to",
    "mapped at, jump to, jumps to, jumped to, read from, read at, write to, write at",
    "access to, read access to, write access to, branch to, returns to, saved state, dram",
    "sdram, ddr, flash, rom, bss, stack, heap, vector, msr, rdmsr, wrmsr, readmsr, writemsr",
    "rdmsr from, wrmsr to, cpuid, leaf, efer, ioctl, ioctl code, control, control code",
    "opcode, register, mstatus, mepc, mcause, mtval, epc, excvaddr, lbeg, lend",
    "characteristics, desired access, access mask, logon id, options, ticket options, style",
    "styles, exstyle, ex style, capabilities, features, bitmap, bit mask, bitmask, uid, gid",
    "device id, vendor id, hardware id, subsys, key code, keycode, member id, user id",
    "ticket number, case number, case id, license plate, batch, lot, item, item no, article",
  ),
};
