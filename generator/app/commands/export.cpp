// `export`: a fabric and its circuit in the files of other tools.
#include <fmt/format.h>

#include "app/context.hpp"
#include "app/fabric_job.hpp"
#include "app/pnr_job.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "fabric/vpr.hpp"
#include "pnr/blif.hpp"

namespace app {

namespace {

namespace fs = std::filesystem;

constexpr const char* kArchitecture = "arch.xml";
constexpr const char* kBlif = "circuit.blif";

struct ExportWords {
  std::string format;
  fs::path directory;
};

base::StagedDirectory export_directory(const Context& context) {
  base::Inventory ours;
  for (const char* file : {kArchitecture, kBlif}) ours.files[file] = "";
  const bool is_ours = fs::exists(context.out / kArchitecture);
  return {context.out, ours, is_ours, context.force};
}

void run_export(const Context& context, const ExportWords& words) {
  const Manifest manifest = read_manifest(words.directory);
  refuse_fabric(words.directory, "VPR's files have no tiles for this fabric's PEs and memories",
                "export what fpsa pnr --blif made");
  if (manifest.kind != kCircuit)
    base::fail(base::Code::kUsage, "there is no fabric in this directory", words.directory.string(),
               "name a directory that fpsa pnr or generate fabric made");
  fabric::Architecture architecture = architecture_of(manifest.spec.fabric);
  architecture.delays = delays_of(manifest.spec.synth.technology);
  const fs::path circuit = words.directory / kBlif;
  const bool has_circuit = fs::exists(circuit);
  base::StagedDirectory out = export_directory(context);
  base::write_file(out.path() / kArchitecture, fabric::vpr_architecture(architecture));
  if (has_circuit)
    base::write_file(out.path() / kBlif,
                     pnr::write_blif(pnr::with_clock(pnr::read_blif(
                         base::read_file(circuit), circuit.string(), architecture.lut_inputs))));
  out.commit(kArchitecture);
  const std::string command = fmt::format(
      "vpr {} {} --device fpsa --route_chan_width {}", (context.out / kArchitecture).string(),
      has_circuit ? (context.out / kBlif).string() : "CIRCUIT.blif", architecture.channel_width);
  context.print("next: " + command + "\n",
                {{"format", words.format},
                 {"architecture", (context.out / kArchitecture).string()},
                 {"circuit", has_circuit ? (context.out / kBlif).string() : ""},
                 {"command", command}});
}

}  // namespace

void add_export(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "export", "A fabric and its circuit for other tools",
                            "fpsa export vpr out/alu4 -o out/alu4_vpr");
  auto words = std::make_shared<ExportWords>();
  add_output(verb, context, true);
  verb->add_option("format", words->format, "vpr: architecture file and BLIF for VPR")
      ->required()
      ->check(CLI::IsMember({"vpr"}));
  verb->add_option("directory", words->directory, "Directory of pnr or generate fabric")
      ->required();
  verb->callback([&context, words] { run_export(context, *words); });
}

}  // namespace app
