// Package report writes the result of an audit: as CSV for spreadsheets, and as one HTML page that
// sends no requests. It reads no clock, file or network, so the same values always give the same
// bytes.
package report
