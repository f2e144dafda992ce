package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// errNoChromium is the error of startChromium if there is no Chromium.
var errNoChromium = errors.New("there is no chromium, chromium-browser or google-chrome on PATH")

// startChromium starts a headless Chromium that makes no requests of its own: every request comes from
// the page. Call stop to end it.
func startChromium(ctx context.Context) (browser context.Context, stop func(), err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err = exec.LookPath(name); err == nil {
			break
		}
	}
	if path == "" {
		return nil, nil, errNoChromium
	}
	profile, err := os.MkdirTemp("", "oktatokens-chromium-")
	if err != nil {
		return nil, nil, err
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
	)
	browser, stopBrowser := chromedp.NewContext(allocator)
	stop = func() {
		stopBrowser()
		stopAllocator()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, nil, err
	}
	return browser, stop, nil
}

// writePage writes a page to a file and returns the file's URL.
func writePage(dir, page string) (string, error) {
	file, err := filepath.Abs(filepath.Join(dir, "report.html"))
	if err != nil {
		return "", err
	}
	return "file://" + file, os.WriteFile(file, []byte(page), 0o600)
}

// emulate shows the page on a medium, screen or print, in a light or dark color scheme.
func emulate(browser context.Context, medium, scheme string) error {
	_, err := chromedp.Call(browser, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media:    medium,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	return err
}
