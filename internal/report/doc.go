// Package report writes down for people what an audit found: as CSV for their spreadsheets, and as
// one HTML page that asks no server for anything. It reads no clock, file or network, so that the
// same values always make the same bytes.
package report
