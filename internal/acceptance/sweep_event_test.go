package acceptance

import "net/http"

// events are what happens around the org, and to the provider.
var events = []trouble{
	{name: "issued", honest: true, can: anyRequest, strike: firstly(func(n *troubledNetwork, _ *http.Request) { n.issue() })},
	{name: "vanished", honest: true, can: anyRequest, strike: firstly(func(n *troubledNetwork, _ *http.Request) { n.vanish() })},
	{name: "client-deleted", honest: true, can: belowAClient, strike: firstly(func(n *troubledNetwork, req *http.Request) { n.deleteClient(clientIn(req.URL.Path)) })},
	{name: "interrupt", honest: true, can: anyRequest, strike: firstly(func(n *troubledNetwork, _ *http.Request) { n.interrupt() })},
	{name: "interrupt-hang", can: anyRequest, strike: func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.interrupt()
		return hang(n, req)
	}},
	{name: "interrupt-hang-after", can: aDELETE, strike: after(func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.interrupt()
		return hang(n, req)
	})},
	{name: "interrupt-500", can: anyRequest, strike: func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.interrupt()
		return answer(req, 500, errorJSON("E0000009", "Internal Server Error")), nil
	}},
	{name: "terminate", honest: true, can: anyRequest, strike: firstly(func(n *troubledNetwork, _ *http.Request) { n.terminate() })},
	{name: "terminate-hang-after", can: aDELETE, strike: after(func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.terminate()
		return hang(n, req)
	})},
	{name: "kill", can: anyRequest, strike: func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.kill()
		return reset(n, req)
	}},
	{name: "kill-after", can: aDELETE, strike: after(func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		n.kill()
		return reset(n, req)
	})},
}

// firstly lets the request through after something has happened in the org.
func firstly(happen func(*troubledNetwork, *http.Request)) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		happen(n, req)
		return n.pass(req)
	}
}

// terminate is a signal to the provider, which its CLI knows nothing of.
func (n *troubledNetwork) terminate() {
	n.mu.Lock()
	n.interrupted = true
	n.mu.Unlock()
	n.signal()
}

// kill ends the provider's process: nothing more leaves it, and its answer is lost.
func (n *troubledNetwork) kill() {
	n.mu.Lock()
	n.interrupted, n.killed = true, true
	n.mu.Unlock()
	n.signal() // what runs in vain ends soon
}
