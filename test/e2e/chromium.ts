import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
/** Chromium cannot use its sandbox as root. It opens only pages of 127.0.0.1 here. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the chromium of Debian, and installs it where it is missing. */
export function openChromium(): Promise<Browser> {
  installChromium();
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

function installChromium() {
  if (existsSync(CHROMIUM)) return;
  const packages = ["chromium", "fonts-noto-cjk"];
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], {
    stdio: "ignore",
  });
}
