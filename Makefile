# Everything a newcomer needs, a word each: `make help` lists them.
BUILD := build
NINJA := ninja

.PHONY: all program console demo test bench bench-ui fuzz sim pictures clean help packages

all: program

# The console comes first: its built files are packed into the program.
program: packages console $(BUILD)/build.ninja
	@$(NINJA) -C $(BUILD) meterworks

packages:
	@tools/install_packages build

console:
	@tools/build_console

$(BUILD)/build.ninja:
	@meson setup $(BUILD)

demo: program
	@exec tools/run_demo $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

test:
	@tools/install_packages build test
	@exec tests/run $(GROUPS)

bench: program
	@tools/install_packages bench
	@$(NINJA) -C $(BUILD)
	@exec tools/run_benches $(BENCH)

bench-ui: program
	@tools/install_packages test
	@tools/install_node_packages tests/browser
	@exec node bench/console_bench.mjs

fuzz:
	@tools/install_packages build test
	@exec tools/run_fuzzers --seconds $(or $(SECONDS),60) $(TARGET)

sim: program
	@exec tests/run $(if $(SEED),--seed $(SEED)) simulation

pictures: program
	@tools/install_packages test
	@tools/install_node_packages tests/browser
	@exec tools/make_pictures

clean:
	rm -rf $(BUILD) build-sanitize console/dist

help:
	@echo 'make            install what is missing, build build/meterworks'
	@echo 'make demo       build and serve a small simulated town [PORT=8080] [DATA=folder]'
	@echo 'make test       install what is missing, build, prove everything [GROUPS="unit flows"]'
	@echo 'make bench      measure rates, memory and start-up, print them with the machine [BENCH=name]'
	@echo 'make bench-ui   measure the console in a browser'
	@echo 'make fuzz       run every decoder against random input [TARGET=name] [SECONDS=60]'
	@echo 'make sim        run the simulated city with its checkers [SEED=7]'
	@echo 'make pictures   take the screenshots of the README'
	@echo 'make clean      remove what was built'
