// A network of two buses for testing the bench: the encoder's lanes, and the same lanes in reverse
// order one tick later. It has the ports, CSR map and window discipline of a generated top, and a
// run-time switch (load unit 0, address 0) that breaks it in a known way:
//   0 sound
//   1 lane 7 of the second bus is inverted in tick 1 of sample 2
//   2 ticks stop after two samples
//   3 one beat too many after the fourth sample
//   4 TLAST never set
//   5 one window is lost
//   6 the samples counter stands still
//   7 tvalid drops while the sink stalls
// Ten lanes of three bits, binary train (a window is three ticks), four lanes a beat, a tick every
// other clock.
module fpsa_toy_top #(
  parameter SpecHash = 32'h600d_cafe
) (
  input  wire        clk_i,
  input  wire        rst_ni,

  input  wire        s_axis_tvalid,
  output wire        s_axis_tready,
  input  wire [31:0] s_axis_tdata,
  input  wire        s_axis_tlast,

  output wire        m_axis_tvalid,
  input  wire        m_axis_tready,
  output wire [31:0] m_axis_tdata,
  output wire        m_axis_tlast,

  input  wire        s_axil_awvalid,
  output wire        s_axil_awready,
  input  wire [11:0] s_axil_awaddr,
  input  wire [2:0]  s_axil_awprot,
  input  wire        s_axil_wvalid,
  output wire        s_axil_wready,
  input  wire [31:0] s_axil_wdata,
  input  wire [3:0]  s_axil_wstrb,
  output wire        s_axil_bvalid,
  input  wire        s_axil_bready,
  output wire [1:0]  s_axil_bresp,
  input  wire        s_axil_arvalid,
  output wire        s_axil_arready,
  input  wire [11:0] s_axil_araddr,
  input  wire [2:0]  s_axil_arprot,
  output wire        s_axil_rvalid,
  input  wire        s_axil_rready,
  output wire [31:0] s_axil_rdata,
  output wire [1:0]  s_axil_rresp
);
  localparam LANES = 10;
  localparam BEATS = 3;

  reg  [2:0]         mode_q;
  reg  [63:0]        cycles_q;
  reg  [31:0]        windows_q;
  reg  [31:0]        samples_q;

  // Stream in: a sample's beats are gathered, then wait for a window to start.
  reg  [95:0]        in_q;
  reg  [1:0]         in_beat_q;
  reg                in_full_q;
  assign s_axis_tready = !in_full_q;

  // Tick and phase of the encoder's input.
  reg                half_q;
  reg  [1:0]         phase_q;
  reg                out_full_q;
  reg                second_live_q;
  wire               win = phase_q == 2'd0;
  wire               hung = mode_q == 3'd2 && samples_q == 32'd2;
  wire               blocked = phase_q == 2'd1 && second_live_q && out_full_q;
  wire               tick = half_q && !blocked && !hung;

  // Bus 1: the encoder.
  reg  [3*LANES-1:0] shift_q;
  reg                first_win_q;
  reg                first_live_q;
  reg  [31:0]        first_sample_q;
  wire [LANES-1:0]   first_spike;
  // Bus 2: reversed, a tick later.
  reg  [LANES-1:0]   second_spike_q;
  reg                second_win_q;
  wire [LANES-1:0]   reversed;
  wire               wrong = mode_q == 3'd1 && first_sample_q == 32'd3 && phase_q == 2'd2;
  wire               lost = mode_q == 3'd5 && first_sample_q == 32'd2;
  // Decoder.
  reg  [3*LANES-1:0] decode_q;
  reg  [3*LANES-1:0] out_q;
  wire [3*LANES-1:0] decoded;
  wire [3*LANES-1:0] loaded;
  wire [3*LANES-1:0] shifted;
  wire [BEATS*32-1:0] out_flat;
  // Bus 3, an island of its own: it ticks once a sample, and a lane spikes if its value is 4 or
  // more.
  wire               third_tick = tick && phase_q == 2'd1 && second_live_q;
  wire               third_mark = 1'b1;
  wire [LANES-1:0]   third_spike;

  genvar g;
  generate
    for (g = 0; g < LANES; g = g + 1) begin : gen_lane
      assign first_spike[g] = shift_q[3*g+2];
      assign reversed[g] = first_spike[LANES-1-g] ^ (wrong && g == 7);
      assign loaded[3*g+:3] = in_q[8*g+:3];
      assign shifted[3*g+:3] = {shift_q[3*g+:2], 1'b0};
      assign decoded[3*g+:3] = {decode_q[3*g+:2], second_spike_q[g]};
      assign third_spike[g] = decoded[3*g+2];
      assign out_flat[8*g+:8] = {5'd0, out_q[3*g+:3]};
    end
  endgenerate
  assign out_flat[BEATS*32-1:8*LANES] = {(BEATS*32-8*LANES){1'b0}};

  // Stream out.
  reg  [2:0]         out_beat_q;
  reg                blink_q;
  wire [2:0]         last_beat = (mode_q == 3'd3 && samples_q == 32'd3) ? 3'd3 : 3'd2;
  assign m_axis_tvalid = out_full_q && !(mode_q == 3'd7 && blink_q);
  assign m_axis_tdata = out_beat_q == 3'd0 ? out_flat[31:0] :
                        out_beat_q == 3'd1 ? out_flat[63:32] : out_flat[95:64];
  assign m_axis_tlast = out_beat_q == 3'd2 && mode_q != 3'd4;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      in_q <= 96'd0;
      shift_q <= {3*LANES{1'b0}};
      second_spike_q <= {LANES{1'b0}};
      in_beat_q <= 2'd0;
      in_full_q <= 1'b0;
      half_q <= 1'b0;
      phase_q <= 2'd0;
      out_full_q <= 1'b0;
      out_beat_q <= 3'd0;
      blink_q <= 1'b0;
      first_win_q <= 1'b0;
      first_live_q <= 1'b0;
      first_sample_q <= 32'd0;
      second_win_q <= 1'b0;
      second_live_q <= 1'b0;
      cycles_q <= 64'd0;
      windows_q <= 32'd0;
      samples_q <= 32'd0;
    end else begin
      cycles_q <= cycles_q + 64'd1;
      half_q <= !tick || !half_q;
      blink_q <= out_full_q && !m_axis_tready && !blink_q;
      if (s_axis_tvalid && s_axis_tready) begin
        in_q[32*in_beat_q+:32] <= s_axis_tdata;
        in_beat_q <= s_axis_tlast ? 2'd0 : in_beat_q + 2'd1;
        in_full_q <= s_axis_tlast;
      end
      if (tick) begin
        phase_q <= phase_q == 2'd2 ? 2'd0 : phase_q + 2'd1;
        first_win_q <= win;
        shift_q <= win ? loaded : shifted;
        if (win) begin
          first_live_q <= in_full_q;
          if (in_full_q) begin
            first_sample_q <= first_sample_q + 32'd1;
            in_full_q <= 1'b0;
          end
        end
        second_spike_q <= reversed;
        second_win_q <= first_win_q;
        if (first_win_q) second_live_q <= first_live_q && !lost;
        if (second_win_q && second_live_q) windows_q <= windows_q + 32'd1;
        decode_q <= decoded;
        if (phase_q == 2'd1 && second_live_q) begin
          out_q <= decoded;
          out_full_q <= 1'b1;
          out_beat_q <= 3'd0;
        end
      end
      if (m_axis_tvalid && m_axis_tready) begin
        out_beat_q <= out_beat_q + 3'd1;
        if (out_beat_q == last_beat) out_full_q <= 1'b0;
        if (out_beat_q == 3'd2 && mode_q != 3'd6) samples_q <= samples_q + 32'd1;
      end
    end
  end

  // AXI4-Lite, one access at a time; both benches send address and data of a write together.
  reg         bvalid_q;
  reg         rvalid_q;
  reg  [31:0] rdata_q;
  reg  [31:0] unit_q;
  reg  [31:0] address_q;
  wire        write = s_axil_awvalid && s_axil_wvalid && !bvalid_q;
  wire        unused = &{1'b0, third_tick, third_mark, third_spike, s_axil_awprot, s_axil_arprot, s_axil_wstrb, in_q, decode_q};
  assign s_axil_awready = !bvalid_q;
  assign s_axil_wready = !bvalid_q;
  assign s_axil_bvalid = bvalid_q;
  assign s_axil_bresp = 2'b00;
  assign s_axil_arready = !rvalid_q;
  assign s_axil_rvalid = rvalid_q;
  assign s_axil_rdata = rdata_q;
  assign s_axil_rresp = 2'b00;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      mode_q <= 3'd0;
      bvalid_q <= 1'b0;
      rvalid_q <= 1'b0;
      unit_q <= 32'd0;
      address_q <= 32'd0;
    end else begin
      if (write) begin
        bvalid_q <= 1'b1;
        if (s_axil_awaddr == 12'h040) unit_q <= s_axil_wdata;
        if (s_axil_awaddr == 12'h044) address_q <= s_axil_wdata;
        if (s_axil_awaddr == 12'h048) begin
          address_q <= address_q + 32'd1;
          if (unit_q == 32'd0 && address_q == 32'd0) mode_q <= s_axil_wdata[2:0];
        end
      end else if (s_axil_bready) begin
        bvalid_q <= 1'b0;
      end
      if (s_axil_arvalid && s_axil_arready) begin
        rvalid_q <= 1'b1;
        case (s_axil_araddr)
          12'h000: rdata_q <= 32'h4650_5341;
          12'h004: rdata_q <= 32'h0000_0001;
          12'h008: rdata_q <= SpecHash;
          12'h00c: rdata_q <= {16'd10, 16'd10};
          12'h018: rdata_q <= cycles_q[31:0];
          12'h01c: rdata_q <= cycles_q[63:32];
          12'h020: rdata_q <= windows_q;
          12'h028: rdata_q <= samples_q;
          default: rdata_q <= 32'd0;
        endcase
      end else if (s_axil_rready) begin
        rvalid_q <= 1'b0;
      end
    end
  end
endmodule
