//go:build race

package acceptance

// raceDetector tells that it watches, and that everything takes several times as
// long.
const raceDetector = true
