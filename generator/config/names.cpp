#include "config/names.hpp"

namespace config {

std::string to_string(Layout value) { return name_of(value); }
std::string to_string(Crossbar value) { return name_of(value); }
std::string to_string(Neuron value) { return name_of(value); }
std::string to_string(Train value) { return name_of(value); }
std::string to_string(Top value) { return name_of(value); }
std::string to_string(Rounding value) { return name_of(value); }
std::string to_string(Calibration value) { return name_of(value); }
std::string to_string(Maximum value) { return name_of(value); }
std::string to_string(Islands value) { return name_of(value); }
std::string to_string(TallLayers value) { return name_of(value); }
std::string to_string(Simulator value) { return name_of(value); }
std::string to_string(Load value) { return name_of(value); }
std::string to_string(Reset value) { return name_of(value); }
std::string to_string(SynthFlow value) { return name_of(value); }
std::string to_string(Memories value) { return name_of(value); }
std::string to_string(SwitchBox value) { return name_of(value); }

}  // namespace config
