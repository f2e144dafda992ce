// Command browser takes the README's screenshot of the HTML report of a fake org, with Chromium. Its
// tests test the report in Chromium. It is a separate module, to keep the Chromium driver out of the
// provider's dependencies.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/chromedp/chromedp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

func main() {
	out := flag.String("o", "report.png", "file to write")
	scheme := flag.String("scheme", "light", "light or dark")
	width := flag.Int64("width", 1280, "width of the window")
	height := flag.Int64("height", 1080, "height of the window")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *out, *scheme, *width, *height)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, scheme string, width, height int64) error {
	inventory, err := sample(ctx)
	if err != nil {
		return err
	}
	page, err := report.HTML(sampleTitle, inventory)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "oktatokens-report-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	url, err := writePage(dir, page)
	if err != nil {
		return err
	}
	browser, stop, err := startChromium(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := emulate(browser, "screen", scheme); err != nil {
		return err
	}
	if err := chromedp.Do(browser, chromedp.EmulateViewport(width, height), chromedp.Navigate(url)); err != nil {
		return err
	}
	picture, err := chromedp.Run(browser, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(out, picture, 0o644) // #nosec G306 -- a picture for everyone
}
